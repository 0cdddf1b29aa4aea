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
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.op.RecurrentShape;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.op.Window;
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
  private static final UpdateOp.Sgd SGD = new UpdateOp.Sgd(0.9, false, 0);
  private static final UpdateOp.Adam ADAM = new UpdateOp.Adam(0.9, 0.999, 1e-8, 0, false);

  private static final AttentionShape DENSE = new AttentionShape(1, 1, 10, 10, 10);
  private static final AttentionShape.Layout ROWS = new AttentionShape.Layout(0, 0, 1, 9);

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
        mistake("normalizers must not overlap with logits", () -> crossEntropy(10, 10, A, B, A, C)),
        mistake("loss must not overlap with normalizers", () -> crossEntropy(10, 10, A, B, C, C)),
        mistake("loss must hold 1 elements", () -> Losses.meanSquaredError(9, A, B, floats(0))),
        mistake(
            "dLogits must not overlap with normalizers",
            () -> Losses.crossEntropyBackward(10, 10, A, B, C, C)),
        mistake(
            "learningRate must be at least 0 and finite but is NaN", () -> sgd(SGD, Double.NaN)),
        mistake("learningRate must be at least 0 and finite but is -0.1", () -> sgd(SGD, -0.1)),
        mistake(
            "momentum must be in [0, 1) but is 1.0", () -> sgd(new UpdateOp.Sgd(1, false, 0), 0.1)),
        mistake(
            "weightDecay must be at least 0 and finite but is -1.0",
            () -> sgd(new UpdateOp.Sgd(0, false, -1), 0.1)),
        mistake(
            "Nesterov momentum must be more than 0", () -> sgd(new UpdateOp.Sgd(0, true, 0), 0.1)),
        mistake(
            "velocity must not overlap with parameters",
            () -> Optimizers.sgd(SGD, 0.1, 1, 1, 100, A, B, B)),
        mistake("step must be at least 1 but is 0", () -> adam(ADAM, 0)),
        mistake(
            "velocity must not overlap with mean",
            () ->
                Optimizers.rmsProp(
                    new UpdateOp.RmsProp(0.9, 1e-8, 0, 0.9, true), 0.1, 1, 100, A, B, C, D, D)),
        mistake(
            "maximum must not overlap with moment2",
            () ->
                Optimizers.adam(
                    new UpdateOp.Adam(0.9, 0.99, 1e-8, 0, false, true),
                    0.1,
                    1,
                    1,
                    100,
                    A,
                    B,
                    C,
                    D,
                    D)),
        mistake(
            "beta2 must be in [0, 1) but is 1.0",
            () -> adam(new UpdateOp.Adam(0.9, 1, 1e-8, 0, false), 1)),
        mistake(
            "moment2 must not overlap with moment1",
            () -> Optimizers.adam(ADAM, 0.1, 1, 1, 100, A, B, C, C, null)),
        mistake(
            "decay must be in [0, 1) but is -0.5",
            () ->
                Optimizers.rmsProp(
                    new UpdateOp.RmsProp(-0.5, 1e-8, 0), 0.1, 1, 100, A, B, C, null, null)),
        mistake(
            "batch × rows × columns = 4194304 × 4194304 × 4194304",
            () -> Softmax.causalSoftmax(1 << 22, 1 << 22, 1 << 22, A, B)),
        mistake("inner must not be negative", () -> Softmax.softmaxOverAxis(2, 2, -1, A, B)),
        mistake("mask must hold 101 elements", () -> Softmax.maskedSoftmax(101, 0, 1, A, B, C)),
        mistake("y must not overlap with mask", () -> Softmax.maskedSoftmax(1, 1, 9, A, B, B)),
        mistake("y must not overlap with bias", () -> Softmax.biasedSoftmax(1, 1, 9, A, B, B)),
        mistake("dx must not overlap with y", () -> Softmax.softmaxBackward(1, 9, false, A, B, A)),
        mistake(
            "epsilon must be at least 0 and finite but is -1.0",
            () -> Norms.rmsNorm(2, 5, -1f, A, B, C, D)),
        mistake("weight must hold 100 elements", () -> Norms.rmsNorm(1, 100, 1f, A, SHORT, C, D)),
        mistake(
            "rstd must not overlap with mean", () -> Norms.layerNorm(2, 5, 1f, A, B, B, C, D, D)),
        mistake(
            "dWeight must not overlap with dy",
            () -> Norms.rmsNormParameterGradients(2, 5, false, A, B, C, C)),
        mistake(
            "batch × spatial must be at least 2 in training but is 1 × 1",
            () -> Norms.batchNormTraining(1, 9, 1, 1f, 0.1f, A, B, B, C, D, D, D, D)),
        mistake(
            "groups must divide the channels but 2 groups do not divide 9 channels",
            () -> GroupNorm.forward(2, 2, 9, 1, 1f, A, B, B, C, D, D)),
        mistake(
            "groups must be at least 1 but is 0",
            () -> GroupNorm.backward(2, 0, 9, 1, false, A, B, D, D, C, C)),
        mistake(
            "dBias must not overlap with dWeight",
            () -> GroupNorm.parameterGradients(2, 3, 9, 1, false, A, B, B, C, D, D)),
        mistake(
            "momentum must be in [0, 1] but is 1.5",
            () -> Norms.batchNormTraining(3, 9, 1, 1f, 1.5f, A, B, B, C, D, D, D, D)),
        mistake(
            "runningMean must not overlap with mean",
            () -> Norms.batchNormTraining(3, 9, 1, 1f, 1f, A, B, B, C, D, floats(9), D, D)),
        mistake(
            "smoothing must be in [0, 1) but is 1.0",
            () -> Losses.softmaxCrossEntropyBackward(Reduction.SUM, 3, 9, 0, 1f, A, B, C, D)),
        mistake(
            "losses must not overlap with normalizers",
            () -> Losses.softmaxCrossEntropy(Reduction.SUM, 3, 9, 0, 0f, A, B, C, C, D)),
        mistake(
            "delta must be above 0 and finite but is 0.0",
            () -> Losses.huber(Reduction.SUM, 9, 0f, A, B, C)),
        mistake(
            "low and high must be a finite range but are 2.0 and 1.0",
            () -> Random.uniform(1, 2, 2f, 1f, 100, A)),
        mistake("y must hold 200 elements", () -> convolve(Window.of(1), 1, 1, 1, 100, 2, A, B)),
        mistake(
            "a size of x must not be negative but is -1",
            () -> convolve(Window.of(1), 1, -1, 1, 1, 1, A, B)),
        mistake(
            "groups must divide channels and filters but are 2 of 4 and 3",
            () -> convolve(Window.of(1), 2, 4, 1, 1, 3, A, B)),
        mistake(
            "groups must divide channels and filters but are 0 of 1 and 1",
            () -> convolve(Window.of(1), 0, 1, 1, 1, 1, A, B)),
        mistake(
            "width 3 with padding 0 is less than the 4 that a window covers",
            () -> convolve(Window.of(4), 1, 1, 9, 3, 1, A, B)),
        mistake(
            "a plane must have less than 2^30 elements, but is 1 × 4294967296",
            () -> convolve(Window.of(1), 1, 1, 1, 1L << 32, 1, A, B)),
        mistake(
            "x [1, 4294967296, 1, 4294967296] has more than 2^63 elements",
            () -> convolve(Window.of(1), 1, 1L << 32, 1, 1L << 32, 1, A, B)),
        mistake(
            "filters of 16777216 elements are possible in a group but there are 1 of 33554432",
            () -> convolve(Window.of(1), 1, 1 << 25, 1, 1, 1, A, B)),
        mistake("y must not overlap with x", () -> convolve(Window.of(1), 1, 1, 9, 9, 1, A, A)),
        mistake(
            "dx must not overlap with dy",
            () -> Convolution.backwardInput(Window.of(1), 1, 1, 1, 9, 9, 1, false, A, B, A)),
        mistake(
            "dWeight must not overlap with x",
            () -> Convolution.backwardWeight(Window.of(1), 1, 1, 1, 9, 9, 1, false, A, B, A)),
        mistake(
            "dBias must hold 101 elements", () -> Convolution.backwardBias(0, 101, 1, false, A, B)),
        mistake(
            "padding must be at most half the kernel",
            () -> Pooling.max(Window.of(2).withPadding(2), 1, 9, 9, A, B, C)),
        mistake(
            "indices must not overlap with y", () -> Pooling.max(Window.of(2), 1, 9, 9, A, B, B)),
        mistake(
            "must have no dilation",
            () -> Pooling.average(Window.of(2).withDilation(2), true, 1, 9, 9, A, B)),
        mistake(
            "height must not be negative but is -1",
            () -> Pooling.average(Window.of(1), true, 1, -1, 9, A, B)),
        mistake("low and high", () -> Random.uniform(1, 2, -3e38f, 3e38f, 100, A)),
        mistake("q must hold 100 elements", () -> attend(DENSE, SHORT, A, A, B, C)),
        mistake("k must hold 100 elements", () -> attend(DENSE, A, SHORT, A, B, C)),
        mistake("v must hold 100 elements", () -> attend(DENSE, A, A, SHORT, B, C)),
        mistake("o must hold 100 elements", () -> attend(DENSE, A, A, A, SHORT, C)),
        mistake("normalizers must hold 20 elements", () -> attend(DENSE, A, A, A, B, floats(19))),
        mistake("o must not overlap with v", () -> attend(DENSE, A, B, C, C, D)),
        mistake("normalizers must not overlap with o", () -> attend(DENSE, A, A, A, B, B)),
        mistake(
            "mask must hold 10 elements", () -> Attention.forward(DENSE, A, A, A, floats(9), B, C)),
        mistake(
            "normalizers must not overlap with mask",
            () -> Attention.forward(DENSE, A, A, A, C, B, C)),
        mistake(
            "o must not overlap with itself but has Layout[offset=0, batchStride=0, headStride=1",
            () -> attend(DENSE.withLayouts(ROWS, ROWS, ROWS, ROWS), A, A, A, B, C)),
        mistake(
            "k with Layout[offset=0, batchStride=2147483647", () -> attend(huge(), A, A, A, B, C)),
        mistake("dQ must not overlap with q", () -> attendBackward(DENSE, A, A, B, C)),
        mistake("dK must not overlap with dQ", () -> attendBackward(DENSE, A, B, B, C)),
        mistake("dV must not overlap with dK", () -> attendBackward(DENSE, A, B, C, C)),
        mistake("dV must hold 100 elements", () -> attendBackward(DENSE, A, B, C, SHORT)),
        mistake("heads must not be negative but is -1", () -> new AttentionShape(1, -1, 2, 3, 4)),
        mistake(
            "headSize must be at most 65536 but is 65537",
            () -> new AttentionShape(1, 1, 2, 3, 65537)),
        mistake(
            "the product of [65536, 65536, 1] elements must be less than 2^31",
            () -> new AttentionShape(1, 1 << 16, 1 << 16, 3, 1)),
        mistake(
            "heads must be a multiple of keyValueHeads, and 0 only with it, but they are 6 and 4",
            () -> AttentionShape.ofRows(1, 6, 4, 2, 3, 5)),
        mistake("scale must be finite but is NaN", () -> DENSE.withScale(Float.NaN)),
        mistake(
            "rowStride must not be negative but is -4",
            () -> new AttentionShape.Layout(1, 2, 3, -4)),
        mistake("time must not be negative but is -1", () -> new RecurrentShape(1, -1, 2, false)),
        mistake("gates must hold 160 elements", () -> lstm(new RecurrentShape(10, 2, 2, false), B)),
        mistake(
            "weight must hold 2704 elements", () -> lstm(new RecurrentShape(0, 2, 26, false), B)),
        mistake(
            "gates [2147483647, 2147483647, 4, 1] has more than 2^63 elements",
            () -> lstm(new RecurrentShape(Integer.MAX_VALUE, Integer.MAX_VALUE, 1, false), B)),
        mistake("hN must not overlap with y", () -> lstm(new RecurrentShape(2, 2, 2, false), B)),
        mistake(
            "activations must not overlap with gates",
            () -> lstm(new RecurrentShape(2, 2, 2, false), A.asSlice(4))),
        mistake("mean must be finite but is NaN", () -> Random.normal(1, 2, Float.NaN, 1f, 9, A)),
        mistake(
            "deviation must be at least 0 and finite but is -1.0",
            () -> Random.normal(1, 2, 0f, -1f, 9, A)));
  }

  private static Arguments mistake(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }

  private static void relu(long size, MemorySegment x, MemorySegment y) {
    Activations.forward(Activation.RELU, size, x, y);
  }

  private static void convolve(
      Window window,
      long groups,
      long channels,
      long height,
      long width,
      long filters,
      MemorySegment x,
      MemorySegment y) {
    Convolution.forward(window, groups, 1, channels, height, width, filters, x, C, null, y);
  }

  private static void crossEntropy(
      long rows,
      long columns,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment loss) {
    Losses.crossEntropy(rows, columns, logits, labels, normalizers, loss);
  }

  private static AttentionShape huge() {
    AttentionShape.Layout far =
        new AttentionShape.Layout(0, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
    int many = Integer.MAX_VALUE;
    AttentionShape shape = new AttentionShape(1, 1, 1, 1, 1);
    return new AttentionShape(
        many, many, many, 1, many, 1, 1f, false, shape.q(), far, far, shape.o());
  }

  private static void attend(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment o,
      MemorySegment lse) {
    Attention.forward(shape, q, k, v, null, o, lse);
  }

  /** With y that is also the last h, unless something else is wrong. */
  private static void lstm(RecurrentShape shape, MemorySegment activations) {
    MemorySegment hN = activations == B ? C : D;
    Recurrent.lstm(shape, A, A, A, null, null, null, C, hN, floats(9), activations, floats(9));
  }

  private static void attendBackward(
      AttentionShape shape, MemorySegment x, MemorySegment dQ, MemorySegment dK, MemorySegment dV) {
    Attention.backward(shape, x, x, x, null, x, x, x, false, dQ, false, dK, false, dV);
  }

  private static void sgd(UpdateOp.Sgd op, double learningRate) {
    Optimizers.sgd(op, learningRate, 1, 1, 100, A, B, C);
  }

  private static void adam(UpdateOp.Adam op, long step) {
    Optimizers.adam(op, 0.1, 1, step, 100, A, B, C, D, null);
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
        mistake("velocity", () -> Optimizers.sgd(SGD, 0.1, 1, 1, 100, A, B, null)),
        mistake("moment2", () -> Optimizers.adam(ADAM, 0.1, 1, 1, 100, A, B, C, null, null)),
        mistake(
            "maximum",
            () ->
                Optimizers.adam(
                    new UpdateOp.Adam(0.9, 0.99, 1e-8, 0, false, true),
                    0.1,
                    1,
                    1,
                    100,
                    A,
                    B,
                    C,
                    D,
                    null)),
        mistake(
            "mean",
            () ->
                Optimizers.rmsProp(
                    new UpdateOp.RmsProp(0.9, 1e-8, 0, 0, true), 0.1, 1, 100, A, B, C, null, D)),
        mistake(
            "velocity",
            () ->
                Optimizers.rmsProp(
                    new UpdateOp.RmsProp(0.9, 1e-8, 0, 0.9, false), 0.1, 1, 100, A, B, C, D, null)),
        mistake("reduction", () -> Losses.huber(null, 9, 1f, A, B, C)),
        mistake("mask", () -> Softmax.maskedSoftmax(1, 1, 9, A, null, B)),
        mistake("bias", () -> Norms.layerNorm(2, 5, 1f, A, B, null, C, D, D)),
        mistake("shape", () -> attend(null, A, A, A, B, C)),
        mistake("v", () -> attend(DENSE, A, A, null, B, C)),
        mistake("dK", () -> attendBackward(DENSE, A, B, null, C)),
        mistake("k", () -> DENSE.withLayouts(ROWS, null, ROWS, ROWS)),
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
