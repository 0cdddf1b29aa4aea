package org.lanewise.kernels.backend;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.cpu.CpuBackend;
import org.lanewise.kernels.backend.scalar.ScalarBackend;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

class FiniteCheckTest {
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final Origin ORIGIN = new Origin("blocks.3.norm", "forward");

  static Stream<Backend> backends() {
    return Stream.of(new ScalarBackend(), new CpuBackend(2));
  }

  private static Operand operand(Backend backend, float... elements) {
    Operand operand =
        new Operand(backend.allocate(elements.length * 4L + 4), 4, f32(elements.length));
    operand.buffer().write(4, MemorySegment.ofArray(elements), 0, elements.length * 4L);
    return operand;
  }

  private static float[] read(Operand operand) {
    MemorySegment copy = Arena.ofAuto().allocate(operand.type().byteSize(), 4);
    operand.buffer().read(operand.offset(), copy, 0, copy.byteSize());
    return copy.toArray(JAVA_FLOAT);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void namesTheOpThatMadeIt(Backend backend) {
    try (FiniteCheck check = new FiniteCheck(backend)) {
      Operand x = operand(check, 1, -4, 0, -1e-3f, 100);
      Step log =
          check.bind(
              ORIGIN,
              new ActivationOp.Activate(Activation.LOG),
              List.of(x),
              List.of(x),
              Write.overwriteAll(1));
      assertThatThrownBy(log::run)
          .isInstanceOf(NonFiniteException.class)
          .hasMessageMatching(
              "blocks\\.3\\.norm: .* made 2 NaN and 1 infinite elements of y f32\\[5\\] from finite"
                  + " inputs: x f32\\[5\\] in -4\\.0\\.\\.100\\.0");
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void passesOnWhatIsFiniteAndWhatWasNot(Backend backend) {
    try (FiniteCheck check = new FiniteCheck(backend)) {
      Operand x = operand(check, 1, 2);
      Operand y = operand(check, 3, NAN);
      Operand z = operand(check, 0, 0);
      ElementwiseOp add = new ElementwiseOp.Binary(BinaryFunction.ADD);
      check.bind(add, List.of(x, x), List.of(z)).run();
      assertThat(read(z)).containsExactly(2, 4);
      assertThat(check.nonFiniteInput()).isEmpty();
      check.bind(add, List.of(x, y), List.of(z)).run();
      assertThat(read(z)).containsExactly(4, NAN);
      check.bind(add, List.of(z, z), List.of(z)).run();
      assertThat(check.nonFiniteInput())
          .hasValueSatisfying(first ->
              assertThat(first).endsWith("of x f32[2] in 1.0..2.0; y f32[2] in 3.0..3.0, 1 NaN"));
      check.begin();
      assertThat(check.nonFiniteInput()).isEmpty();
    }
  }

  @Test
  void looksAtWhatIsAddedTo() {
    try (FiniteCheck check = new FiniteCheck(new ScalarBackend())) {
      Operand x = operand(check, Float.MAX_VALUE, 1);
      Operand sum = operand(check, Float.MAX_VALUE, 1);
      Step copy =
          check.bind(ElementwiseOp.Scale.COPY, List.of(x), List.of(sum), List.of(Write.ADD));
      assertThatThrownBy(copy::run).hasMessageContaining("made 1 infinite elements of");
      copy.run(); // what it adds to is infinite by now
      assertThat(check.nonFiniteInput()).isPresent();
    }
  }

  @Test
  void rangesOfEveryFloatingPointType() {
    try (Backend backend = new ScalarBackend()) {
      short[] halves = {
        Float.floatToFloat16(-2), Float.floatToFloat16(65504), Float.floatToFloat16(INFINITY)
      };
      assertThat(range(backend, DType.F16, halves))
          .hasToString("t f16[3] in -2.0..Infinity, 1 infinite");
      short[] upper = {(short) (Float.floatToIntBits(-0.5f) >>> 16), (short) 0x7FC0};
      assertThat(range(backend, DType.BF16, upper)).hasToString("t bf16[2] in -0.5..-0.5, 1 NaN");
      assertThat(ValueRange.of("e", operand(backend))).hasToString("e f32[0]");
      assertThat(ValueRange.of("n", operand(backend, NAN))).hasToString("n f32[1], 1 NaN");
    }
  }

  private static ValueRange range(Backend backend, DType dtype, short[] elements) {
    TensorType type = TensorType.of(dtype, elements.length);
    Operand operand = new Operand(backend.allocate(type.byteSize()), 0, type);
    operand.buffer().write(0, MemorySegment.ofArray(elements), 0, type.byteSize());
    return ValueRange.of("t", operand);
  }

  @Test
  void looksAtTensorsThatAreLargerThanItsMemory() {
    try (Backend backend = new ScalarBackend()) {
      float[] elements = new float[(1 << 17) + 3];
      elements[1 << 16] = INFINITY;
      elements[(1 << 17) + 2] = NAN;
      ValueRange range = ValueRange.of("x", operand(backend, elements));
      assertThat(range.nans()).isEqualTo(1);
      assertThat(range.infinities()).isEqualTo(1);
      assertThat(range.most()).isEqualTo(INFINITY);
    }
  }
}
