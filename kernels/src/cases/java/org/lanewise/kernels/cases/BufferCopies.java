package org.lanewise.kernels.cases;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.ElementwiseOp;

/** Copies between buffers of a device. */
public final class BufferCopies {
  private BufferCopies() {}

  /** Copies come after steps before and before steps to come, and go where they should. */
  public static void verify(Backend backend) {
    Buffer x = buffer(backend, 1, 2, 3, 4);
    Buffer y = buffer(backend, 5, 6, 7, 8);
    Operand whole = new Operand(x, 0, f32(4));
    backend.bind(new ElementwiseOp.Scale(10f), List.of(whole), List.of(whole)).run();
    y.copy(4, x, 8, 8);
    backend.bind(new ElementwiseOp.Scale(0f), List.of(whole), List.of(whole)).run();
    assertThat(elements(y)).containsExactly(5, 30, 40, 8);
    y.copy(0, y, 8, 8);
    assertThat(elements(y)).containsExactly(40, 8, 40, 8);
    y.copy(16, x, 0, 0);

    assertThatThrownBy(() -> y.copy(0, y, 4, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlap");
    assertThatThrownBy(() -> y.copy(12, x, 0, 8)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> y.copy(0, x, 12, 8)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> y.copy(0, x, -4, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    try (Backend other = Backends.open(backend.name(), 1)) {
      Buffer foreign = buffer(other, 1, 2, 3, 4);
      assertThatThrownBy(() -> y.copy(0, foreign, 0, 4))
          .isInstanceOf(IllegalArgumentException.class);
    }
    x.close();
    assertThatThrownBy(() -> y.copy(0, x, 0, 4)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> x.copy(0, y, 0, 4)).isInstanceOf(IllegalStateException.class);
    assertThat(elements(y)).containsExactly(40, 8, 40, 8);
  }

  private static Buffer buffer(Backend backend, float... elements) {
    Buffer buffer = backend.allocate(elements.length * Float.BYTES);
    try (Arena arena = Arena.ofShared()) {
      buffer.write(0, arena.allocateFrom(JAVA_FLOAT, elements), 0, buffer.byteSize());
    }
    return buffer;
  }

  private static float[] elements(Buffer buffer) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment copy = arena.allocate(buffer.byteSize(), Float.BYTES);
      buffer.read(0, copy, 0, buffer.byteSize());
      return copy.toArray(JAVA_FLOAT);
    }
  }
}
