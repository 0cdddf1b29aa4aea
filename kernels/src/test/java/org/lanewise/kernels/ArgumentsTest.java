package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.parallel.WorkerPool;

/** What a user can get wrong, and what the message then says. */
class ArgumentsTest {
  private static final Arena ARENA = Arena.ofAuto();
  private static final MemorySegment A = floats(100);
  private static final MemorySegment B = floats(100);
  private static final MemorySegment C = floats(100);
  private static final MemorySegment D = floats(100);
  private static final MemorySegment SHORT = floats(99);
  private static final MemorySegment HEAP = MemorySegment.ofArray(new float[100]);
  private static final Op.Sgd SGD = new Op.Sgd(0.9, false, 0);
  private static final Op.Adam ADAM = new Op.Adam(0.9, 0.999, 1e-8, 0, false);

  private static MemorySegment floats(long size) {
    return ARENA.allocate(size * Float.BYTES, 64);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("y must hold 100 elements of 4 bytes but has 396 bytes", () -> relu(100, A, SHORT)),
        mistake("x must hold 100 elements of 4 bytes but has 396 bytes", () -> relu(100, SHORT, A)),
        mistake("x must be a native segment", () -> relu(100, HEAP, A)),
        mistake("y must be a native segment", () -> relu(100, A, HEAP)),
        mistake("y must be writable", () -> relu(100, A, B.asReadOnly())),
        mistake("x must be aligned to 4 bytes", () -> relu(5, A.asSlice(2), B)),
        mistake("size must not be negative but is -1", () -> relu(-1, A, B)),
        mistake("y must hold 100 elements of 4 bytes", () -> Functions.exp(100, A, SHORT)),
        mistake("x must be a native segment", () -> Functions.sin(100, HEAP, A)),
        mistake("y must be writable", () -> Functions.erf(100, A, B.asReadOnly())),
        mistake(
            "saved must hold 100 elements of 4 bytes but has 396 bytes",
            () -> Activations.backward(Activation.GELU, false, 100, SHORT, A, B)),
        mistake("must hold 4611686018427387904 elements", () -> relu(1L << 62, A, B)),
        mistake("y must not overlap with x", () -> relu(50, A, A.asSlice(4))),
        mistake(
            "rows × columns = 4294967296 × 4294967296",
            () -> Softmax.softmax(1L << 32, 1L << 32, A, B)),
        mistake("rows must not be negative but is -2", () -> Softmax.softmax(-2, 3, A, B)),
        mistake("columns must not be negative but is -3", () -> Softmax.softmax(2, -3, A, B)),
        mistake("lse must not overlap with x", () -> Softmax.logSumExp(10, 10, A, A)),
        mistake("x must hold 110 elements", () -> Softmax.logSumExp(10, 11, A, B)),
        mistake("sums must not overlap with x", () -> Reductions.columnSums(10, 10, false, A, A)),
        mistake("labels must hold 100 elements", () -> crossEntropy(100, 1, A, SHORT, B, C)),
        mistake("lse must not overlap with logits", () -> crossEntropy(10, 10, A, B, A, C)),
        mistake("loss must not overlap with lse", () -> crossEntropy(10, 10, A, B, C, C)),
        mistake("loss must hold 1 elements", () -> Losses.meanSquaredError(9, A, B, floats(0))),
        mistake(
            "dLogits must not overlap with lse",
            () -> Losses.crossEntropyBackward(10, 10, A, B, C, C)),
        mistake("learningRate must be in [0.0, Infinity) but is NaN", () -> sgd(SGD, Double.NaN)),
        mistake("learningRate must be in [0.0, Infinity) but is -0.1", () -> sgd(SGD, -0.1)),
        mistake(
            "momentum must be in [0.0, 1.0) but is 1.0", () -> sgd(new Op.Sgd(1, false, 0), 0.1)),
        mistake(
            "weightDecay must be in [0.0, Infinity) but is -1.0",
            () -> sgd(new Op.Sgd(0, false, -1), 0.1)),
        mistake("Nesterov momentum must be more than 0", () -> sgd(new Op.Sgd(0, true, 0), 0.1)),
        mistake(
            "velocity must not overlap with parameters",
            () -> Optimizers.sgd(SGD, 0.1, 100, A, B, B)),
        mistake("step must be at least 1 but is 0", () -> adam(ADAM, 0)),
        mistake(
            "beta2 must be in [0.0, 1.0) but is 1.0",
            () -> adam(new Op.Adam(0.9, 1, 1e-8, 0, false), 1)),
        mistake(
            "moment2 must not overlap with moment1",
            () -> Optimizers.adam(ADAM, 0.1, 1, 100, A, B, C, C)),
        mistake(
            "decay must be in [0.0, 1.0) but is -0.5",
            () -> Optimizers.rmsProp(new Op.RmsProp(-0.5, 1e-8, 0), 0.1, 100, A, B, C)),
        mistake(
            "low and high must be a finite range but are 2.0 and 1.0",
            () -> Random.uniform(1, 2, 2f, 1f, 100, A)),
        mistake("low and high", () -> Random.uniform(1, 2, -3e38f, 3e38f, 100, A)),
        mistake("mean must be finite but is NaN", () -> Random.normal(1, 2, Float.NaN, 1f, 9, A)),
        mistake(
            "deviation must be in [0.0, Infinity) but is -1.0",
            () -> Random.normal(1, 2, 0f, -1f, 9, A)));
  }

  private static Arguments mistake(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }

  private static void relu(long size, MemorySegment x, MemorySegment y) {
    Activations.forward(Activation.RELU, size, x, y);
  }

  private static void crossEntropy(
      long rows,
      long columns,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment lse,
      MemorySegment loss) {
    Losses.crossEntropy(rows, columns, logits, labels, lse, loss);
  }

  private static void sgd(Op.Sgd op, double learningRate) {
    Optimizers.sgd(op, learningRate, 100, A, B, C);
  }

  private static void adam(Op.Adam op, long step) {
    Optimizers.adam(op, 0.1, step, 100, A, B, C, D);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsNamed(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  static Stream<Arguments> nulls() {
    return Stream.of(
        mistake("x", () -> relu(1, null, A)),
        mistake("y", () -> relu(1, A, null)),
        mistake("f", () -> Activations.forward(null, 1, A, B)),
        mistake("x", () -> Functions.log(1, null, B)),
        mistake("pool", () -> Functions.log(null, 1, A, B)),
        mistake("pool", () -> Activations.forward(null, Activation.RELU, 1, A, B)),
        mistake("op", () -> sgd(null, 0.1)),
        mistake("velocity", () -> Optimizers.sgd(SGD, 0.1, 100, A, B, null)),
        mistake("moment2", () -> Optimizers.adam(ADAM, 0.1, 1, 100, A, B, C, null)),
        mistake("labels", () -> crossEntropy(1, 1, A, null, B, C)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nulls")
  void aNullIsNamed(String name, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
  }

  @Test
  void aClosedArenaIsNotTouched() {
    Arena arena = Arena.ofConfined();
    MemorySegment x = arena.allocate(400, 4);
    arena.close();
    assertThatThrownBy(() -> relu(100, x, A)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void memoryConfinedToAnotherThreadIsNotTouched() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate(400, 4);
      assertThatThrownBy(() -> CompletableFuture.runAsync(() -> relu(100, x, A)).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(WrongThreadException.class);
    }
  }

  @Test
  void confinedMemoryStaysOnTheCallingThread() {
    long size = 1 << 18;
    try (WorkerPool pool = new WorkerPool(3);
        Arena arena = Arena.ofConfined()) {
      MemorySegment x = TestTensor.normal(arena, size, 1, 1).segment();
      MemorySegment y = arena.allocate(size * Float.BYTES, 4);
      Activations.forward(pool, Activation.RELU, size, x, y);
      for (long i = 0; i < size; i++) {
        if (y.getAtIndex(JAVA_FLOAT, i) != Math.max(0f, x.getAtIndex(JAVA_FLOAT, i))) {
          assertThat(y.getAtIndex(JAVA_FLOAT, i)).isEqualTo(x.getAtIndex(JAVA_FLOAT, i));
        }
      }
    }
  }
}
