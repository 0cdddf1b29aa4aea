package org.lanewise.nn.plan;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;

/** Tensors of a backend, filled and read by tests. */
final class Operands {
  private Operands() {}

  static Operand allocate(Backend backend, TensorType type) {
    return new Operand(backend.allocate(type.byteSize()), 0, type);
  }

  /** Writes elements, as what the type says. */
  static void write(Operand operand, double... values) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(JAVA_INT, values.length);
      boolean isFloat = operand.type().dtype() == DType.F32;
      for (int i = 0; i < values.length; i++) {
        host.setAtIndex(
            JAVA_INT, i, isFloat ? Float.floatToRawIntBits((float) values[i]) : (int) values[i]);
      }
      operand.buffer().write(operand.offset(), host, 0, host.byteSize());
    }
  }

  static float[] read(Operand operand) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(operand.type().byteSize(), 4);
      operand.buffer().read(operand.offset(), host, 0, host.byteSize());
      return host.toArray(JAVA_FLOAT);
    }
  }
}
