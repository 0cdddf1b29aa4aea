package org.lanewise.kernels.backend;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.cpu.CpuBackend;
import org.lanewise.kernels.backend.scalar.ScalarBackend;
import org.lanewise.kernels.cases.SplitOp;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Effects;
import org.lanewise.kernels.op.HostOperand;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/** Ops that users bring, on the backends of the host. */
class CustomOpTest {
  private static final List<TensorType> OUTPUTS = List.of(i32(3), f32(3));

  static Stream<Backend> backends() {
    return Stream.of(new ScalarBackend(), new CpuBackend(2));
  }

  private static Operand operand(Backend backend, TensorType type) {
    return new Operand(backend.allocate(type.byteSize() + 4), 4, type);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void runsItsCodeOnItsOperands(Backend backend) {
    try (backend;
        Arena arena = Arena.ofShared()) {
      Operand x = operand(backend, f32(3));
      Operand whole = operand(backend, i32(3));
      MemorySegment elements = arena.allocateFrom(JAVA_FLOAT, 1.25f, -0.5f, 7f);
      x.buffer().write(4, elements, 0, 12);
      backend.bind(new SplitOp(), List.of(x), List.of(whole, x)).run();
      x.buffer().read(4, elements, 0, 12);
      assertThat(elements.toArray(JAVA_FLOAT)).containsExactly(0.25f, 0.5f, 0f);
      whole.buffer().read(4, elements, 0, 12);
      assertThat(elements.toArray(JAVA_INT)).containsExactly(1, -1, 7);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void isBoundToWhatItTakes(Backend backend) {
    try (backend) {
      List<Operand> x = List.of(operand(backend, f32(3)));
      List<Operand> outputs = OUTPUTS.stream().map(type -> operand(backend, type)).toList();
      assertThatThrownBy(() -> backend.bind(new SplitOp(), outputs, x))
          .isInstanceOf(ShapeException.class)
          .hasMessage("SplitOp takes one f32 tensor but got " + OUTPUTS);
      assertThatThrownBy(
              () -> backend.bind(new SplitOp(), x, List.of(outputs.get(0), outputs.get(0))))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("writes " + OUTPUTS);
      List<Write> adds = List.of(Write.OVERWRITE, Write.ADD);
      assertThatThrownBy(() -> backend.bind(new SplitOp(), x, outputs, adds))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("SplitOp: fraction f32[3] cannot be added to");
    }
  }

  @Test
  void costsWhatItSays() {
    assertThat(Cost.of(new SplitOp(), List.of(f32(3)), Write.overwriteAll(2)))
        .isEqualTo(new Cost(6, 36));
  }

  /** It writes two outputs and tells of one. */
  private record Contradictory() implements Op.Custom {
    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
      return OUTPUTS;
    }

    @Override
    public long flops(List<TensorType> inputs) {
      return 0;
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y");
    }

    @Override
    public void run(List<HostOperand> inputs, List<HostOperand> outputs) {
      throw new AssertionError("is not run");
    }
  }

  @Test
  void hasAsManyOutputsAsEffects() {
    try (Backend scalar = new ScalarBackend()) {
      Operand x = operand(scalar, f32(3));
      List<Operand> outputs = OUTPUTS.stream().map(type -> operand(scalar, type)).toList();
      assertThatThrownBy(() -> scalar.bind(new Contradictory(), List.of(x), outputs))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining(
              "Contradictory of [f32[3]] writes [i32[3], f32[3]], but its effects");
    }
  }
}
