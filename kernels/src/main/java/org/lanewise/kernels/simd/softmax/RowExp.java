package org.lanewise.kernels.simd.softmax;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.reduction.RowSums;

/** The maximum of a row, the exponentials of its elements, and their sum. */
public final class RowExp {
  private static final int BLOCK = 4 * COUNT;

  private RowExp() {}

  /**
   * The maximum of elements {@code from ≤ j < to}, or 0 if all are −∞, so that their exponentials
   * are 0. Any result will do for a row with NaN, which reaches the sum anyway, and for a row whose
   * maximum is 0 of either sign, since {@code exp(x − shift)} is then the same.
   */
  public static float shift(MemorySegment x, long from, long to, Scratch scratch) {
    long end = vectorEnd(from, to);
    long blocks = end - (end - from) % BLOCK;
    scratch.fillLanes(Float.NEGATIVE_INFINITY);
    maximaOfBlocks(x, from, blocks, scratch.lanes);
    maxima(x, blocks, end, scratch.lanes);
    float max = scratch.maxOfLanes();
    for (long j = end; j < to; j++) {
      max = Math.max(max, x.getAtIndex(FLOAT, j));
    }
    return max == Float.NEGATIVE_INFINITY ? 0f : max;
  }

  /** Four maxima at a time, as each waits for the one before; their order does not matter. */
  private static void maximaOfBlocks(MemorySegment x, long from, long to, MemorySegment lanes) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    FloatVector least = FloatVector.broadcast(F32, Float.NEGATIVE_INFINITY);
    FloatVector max0 = least;
    FloatVector max1 = least;
    FloatVector max2 = least;
    FloatVector max3 = least;
    for (long j = from; j < to; j += BLOCK) {
      FloatVector x0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
      FloatVector x1 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (j + COUNT) * Float.BYTES, ORDER));
      FloatVector x2 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (j + 2 * COUNT) * Float.BYTES, ORDER));
      FloatVector x3 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (j + 3 * COUNT) * Float.BYTES, ORDER));
      max0 = FLOATS.cast(max0).blend(x0, x0.compare(VectorOperators.GT, max0));
      max1 = FLOATS.cast(max1).blend(x1, x1.compare(VectorOperators.GT, max1));
      max2 = FLOATS.cast(max2).blend(x2, x2.compare(VectorOperators.GT, max2));
      max3 = FLOATS.cast(max3).blend(x3, x3.compare(VectorOperators.GT, max3));
    }
    FloatVector low = FLOATS.cast(max0);
    FloatVector high = FLOATS.cast(max2);
    low = low.blend(max1, low.compare(VectorOperators.LT, max1));
    high = high.blend(max3, high.compare(VectorOperators.LT, max3));
    low.blend(high, low.compare(VectorOperators.LT, high)).intoMemorySegment(lanes, 0, ORDER);
  }

  private static void maxima(MemorySegment x, long from, long to, MemorySegment lanes) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    FloatVector maxima = FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, 0, ORDER));
    for (long j = from; j < to; j += COUNT) {
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
      maxima = FLOATS.cast(maxima).blend(value, value.compare(VectorOperators.GT, maxima));
    }
    FLOATS.cast(maxima).intoMemorySegment(lanes, 0, ORDER);
  }

  /** {@code y = exp(x − shift)} for elements {@code from ≤ j < to}; returns the sum. */
  static float exp(
      MemorySegment x, MemorySegment y, long from, long to, float shift, Scratch scratch) {
    long end = RowSums.tailStart(from, to);
    scratch.clearLanes();
    SoftmaxLoops.expAndSum(x, from, shift, y, from, end - from, scratch.lanes);
    for (long j = end; j < to; j++) {
      float e = ScalarSoftmaxKernels.exp(x.getAtIndex(FLOAT, j) - shift);
      y.setAtIndex(FLOAT, j, e);
      scratch.addToLane(j - end, e);
    }
    return scratch.sumOfLanes();
  }

  /** The sum of {@code exp(x − shift)} over elements {@code from ≤ j < to}. */
  public static float sumOfExp(MemorySegment x, long from, long to, float shift, Scratch scratch) {
    long end = RowSums.tailStart(from, to);
    scratch.clearLanes();
    for (long chunk = from; chunk < end; chunk += Scratch.CHUNK) {
      long count = Math.min(Scratch.CHUNK, end - chunk);
      SoftmaxLoops.expAndSum(x, chunk, shift, scratch.chunk, 0, count, scratch.lanes);
    }
    for (long j = end; j < to; j++) {
      scratch.addToLane(j - end, ScalarSoftmaxKernels.exp(x.getAtIndex(FLOAT, j) - shift));
    }
    return scratch.sumOfLanes();
  }
}
