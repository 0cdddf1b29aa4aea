package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.ClipOp;

/**
 * What a user can get wrong in elementwise functions, sums, embeddings, dropout and layouts, and
 * what the message then says.
 */
class BasicArgumentsTest {
  private static final long HUGE = 1L << 62;
  private static final Arena ARENA = Arena.ofAuto();
  private static final MemorySegment A = floats(100);
  private static final MemorySegment B = floats(100);
  private static final MemorySegment C = floats(100);
  private static final MemorySegment SHORT = floats(9);

  private static MemorySegment floats(long size) {
    return ARENA.allocate(size * Float.BYTES, 64);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("y must hold 100 elements", () -> add(Broadcast.NONE, 10, 10, A, SHORT, C)),
        mistake("y must hold 10 elements", () -> add(Broadcast.ROW, 10, 10, A, SHORT, C)),
        mistake("y must hold 10 elements", () -> add(Broadcast.COLUMN, 10, 10, A, SHORT, C)),
        mistake("y must hold 1 elements", () -> add(Broadcast.SCALAR, 10, 10, A, floats(0), C)),
        mistake("z must not overlap with y", () -> add(Broadcast.ROW, 10, 10, A, B, B)),
        mistake("z must not overlap with x", () -> add(Broadcast.ROW, 5, 10, A, B, A.asSlice(4))),
        mistake("rows × columns = ", () -> add(Broadcast.ROW, HUGE, HUGE, A, B, C)),
        mistake("rows must not be negative", () -> add(Broadcast.ROW, -1, 2, A, B, C)),
        mistake("condition must hold 101 elements", () -> where(101, A, B, C)),
        mistake("z must not overlap with x", () -> where(20, A, B, B)),
        mistake("dx must not overlap with x", () -> gradientX(false, A, B, C, A)),
        mistake("dx must not overlap with y", () -> gradientX(false, A, B, C, B)),
        mistake("dx must not overlap with dz", () -> gradientX(true, A, B, C, C)),
        mistake("x must hold 100 elements of 4 bytes", () -> Blas1.sum(100, SHORT)),
        mistake("x must hold 51 elements of 8 bytes", () -> Blas1F64.sum(51, A)),
        mistake("must be aligned to 8 bytes", () -> Blas1F64.sum(5, A.asSlice(4))),
        mistake("size must not be negative", () -> Blas1.norm(-1, A)),
        mistake("y must not overlap with x", () -> Blas1.axpy(50, 1f, A, A)),
        mistake("y must not overlap with x", () -> Blas1.scal(50, 1f, A, A.asSlice(4))),
        mistake("must hold 4611686018427387904 elements", () -> Blas1.dot(HUGE, A, B)),
        mistake("sums must not overlap with x", () -> Reductions.rowSums(10, 10, false, A, A)),
        mistake("columns must be at least 1 but is 0", () -> Reductions.rowMaxima(5, 0, A, B)),
        mistake("columns must be at least 1 but is 0", () -> Reductions.rowArgmin(5, 0, A, B)),
        mistake(
            "columns must be at most 2147483647 but is 2147483648",
            () -> Reductions.rowArgmax(0, 1L << 31, A, B)),
        mistake("indices must hold 10 elements", () -> gather(10, 5, 20, A, SHORT, B)),
        mistake("weight must hold 101 elements", () -> gather(10, 1, 101, A, B, C)),
        mistake("vocabulary must not be negative", () -> gather(10, 1, -1, A, B, C)),
        mistake("y must not overlap with weight", () -> gather(10, 1, 50, A, B, A)),
        mistake(
            "dWeight must not overlap with indices",
            () -> Embeddings.gatherBackward(10, 1, 50, true, A, B, B)),
        mistake("p must be in [0, 1) but is 1.0", () -> Dropout.dropout(1, 2, 1f, 9, A, B)),
        mistake("p must be in [0, 1) but is NaN", () -> Dropout.dropout(1, 2, Float.NaN, 9, A, B)),
        mistake(
            "axes must be 0, 1, 2 and 3 in some order but are 0, 1, 1 and 3",
            () -> Layouts.permute(1, 2, 3, 4, 0, 1, 1, 3, A, B)),
        mistake("axes must be 0, 1, 2 and 3", () -> Layouts.permute(1, 2, 3, 4, 0, 1, 2, 35, A, B)),
        mistake(
            "n0 × n1 × n2 × n3 = ",
            () -> Layouts.permute(1L << 30, 2, 1L << 30, 1 << 10, 0, 1, 2, 3, A, B)),
        mistake("y must not overlap with x", () -> Layouts.transpose(1, 10, 10, A, A)),
        mistake("batch × rows × columns = ", () -> Layouts.transpose(HUGE, 10, 10, A, B)),
        mistake("xStride must be at least columns = 5 but is 4", () -> block(0, 4, 0, 5)),
        mistake("yOffset must not be negative but is -1", () -> block(0, 5, -1, 5)),
        mistake("x must hold 101 elements", () -> block(96, 5, 0, 5)),
        mistake("the block of y ends after element 2^63", () -> block(0, 5, Long.MAX_VALUE, 5)),
        mistake(
            "the block of x ends after element 2^63",
            () -> Layouts.copyBlock(false, 3, 5, A, 0, HUGE, B, 0, 5)),
        mistake("top + rows + bottom = ", () -> Layouts.pad(HUGE, 0, HUGE, HUGE, 0, 0, 0f, A, B)),
        mistake("left must not be negative", () -> Layouts.pad(1, 1, 0, 0, -1, 0, 0f, A, B)),
        mistake("y must hold 144 elements", () -> Layouts.pad(10, 10, 1, 1, 1, 1, 0f, A, B)),
        mistake(
            "gradientScale must be at least 0 and finite but is NaN",
            () -> Optimizers.adagrad(0, 0, 0, 0.1, Double.NaN, 1, 9, A, B, C)),
        mistake(
            "step must be at least 1 but is 0",
            () -> Optimizers.adagrad(0, 0, 0, 0.1, 1, 0, 9, A, B, C)),
        mistake(
            "gradientScale must be at least 0 and finite but is -1.0",
            () -> Clipping.clip(new ClipOp.ClipValue(1), -1, 9, A, B)),
        mistake(
            "clipped must not overlap with gradient",
            () -> Clipping.clip(new ClipOp.ClipValue(1), 1, 9, A, A.asSlice(4))),
        mistake(
            "sum must not overlap with gradient",
            () -> Optimizers.adagrad(0, 0, 0, 0.1, 1, 1, 9, A, B, A)),
        mistake(
            "there must be a size for each gradient but there are 1 for 2",
            () -> Clipping.gradientNorm(new long[] {1}, new MemorySegment[] {A, B})),
        mistake(
            "gradients[1] must hold 101 elements",
            () -> Clipping.gradientNorm(new long[] {1, 101}, new MemorySegment[] {A, B})),
        mistake("maxNorm must be at least 0 and finite", () -> Clipping.factor(1, -1)),
        mistake("norm must be at least 0 and finite but is NaN", () -> clipScale(Double.NaN)),
        mistake(
            "norm must be at least 0 and finite but is Infinity",
            () -> clipScale(Double.POSITIVE_INFINITY)),
        mistake(
            "epsilon must be at least 0 and finite as a float",
            () -> Optimizers.adagrad(0, 1e-46, 0, 0.1, 1, 1, 9, A, B, C)),
        mistake(
            "learningRate must be at least 0 and finite as a float",
            () -> Optimizers.adagrad(0, 0, 0, 1e39, 1, 1, 9, A, B, C)));
  }

  private static void clipScale(double norm) {
    Clipping.factor(norm, 1);
  }

  private static Arguments mistake(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }

  private static void where(
      long columns, MemorySegment condition, MemorySegment x, MemorySegment z) {
    Elementwise.where(
        Broadcast.NONE, Broadcast.ROW, Broadcast.SCALAR, 1, columns, condition, x, x, z);
  }

  private static void add(
      Broadcast broadcast,
      long rows,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z) {
    Elementwise.binary(BinaryFunction.ADD, broadcast, false, rows, columns, x, y, z);
  }

  private static void gradientX(
      boolean accumulate, MemorySegment x, MemorySegment y, MemorySegment dz, MemorySegment dx) {
    Elementwise.gradientX(BinaryFunction.DIVIDE, Broadcast.NONE, accumulate, 10, 10, x, y, dz, dx);
  }

  private static void gather(
      long rows,
      long columns,
      long vocabulary,
      MemorySegment weight,
      MemorySegment indices,
      MemorySegment y) {
    Embeddings.gather(rows, columns, vocabulary, weight, indices, y);
  }

  private static void block(long xOffset, long xStride, long yOffset, long yStride) {
    Layouts.copyBlock(false, 1, 5, A, xOffset, xStride, B, yOffset, yStride);
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
        mistake("f", () -> Elementwise.binary(null, Broadcast.ROW, false, 1, 1, A, B, C)),
        mistake(
            "broadcast", () -> Elementwise.binary(BinaryFunction.ADD, null, false, 1, 1, A, B, C)),
        mistake("y", () -> Blas1.dot(1, A, null)),
        mistake("pool", () -> Blas1.sum(null, 1, A)),
        mistake("indices", () -> gather(1, 1, 1, A, null, B)),
        mistake("sizes", () -> Clipping.gradientNorm(null, new MemorySegment[0])),
        mistake(
            "gradients[0]", () -> Clipping.gradientNorm(new long[1], new MemorySegment[] {null})));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nulls")
  void aNullIsNamed(String name, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
  }
}
