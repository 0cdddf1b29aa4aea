package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.scalar.VirtualLanes;

/** The maximum of a row, the exponentials of its elements, and their sum. */
final class RowExp {
  private RowExp() {}

  /**
   * The maximum of elements {@code from ≤ j < to}, or 0 if all are −∞, so that their exponentials
   * are 0. Any result will do for a row with NaN, which reaches the sum anyway, and for a row whose
   * maximum is 0 of either sign, since {@code exp(x − shift)} is then the same.
   */
  static float shift(MemorySegment x, long from, long to, Scratch scratch) {
    long end = tailStart(from, to);
    maxima(x, from, end, scratch.lanes);
    float max = scratch.maxOfLanes();
    for (long j = end; j < to; j++) {
      max = Math.max(max, x.getAtIndex(FLOAT, j));
    }
    return max == Float.NEGATIVE_INFINITY ? 0f : max;
  }

  private static void maxima(MemorySegment x, long from, long to, MemorySegment lanes) {
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector maxima = FloatVector.broadcast(F32, Float.NEGATIVE_INFINITY);
      for (long j = from + lane; j < to; j += VirtualLanes.COUNT) {
        FloatVector value =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
        maxima = FLOATS.cast(maxima).blend(value, value.compare(VectorOperators.GT, maxima));
      }
      FLOATS.cast(maxima).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  /** {@code y = exp(x − shift)} for elements {@code from ≤ j < to}; returns the sum. */
  static float exp(
      MemorySegment x, MemorySegment y, long from, long to, float shift, Scratch scratch) {
    long end = tailStart(from, to);
    ExponentialLoops.exp(x, from, shift, y, from, end - from);
    scratch.clearLanes();
    addToLanes(y, from, end, scratch.lanes);
    for (long j = end; j < to; j++) {
      float e = ScalarMath.exp(x.getAtIndex(FLOAT, j) - shift);
      y.setAtIndex(FLOAT, j, e);
      scratch.addToLane(j - end, e);
    }
    return scratch.sumOfLanes();
  }

  private static void addToLanes(MemorySegment e, long from, long to, MemorySegment lanes) {
    if (from == to) {
      return;
    }
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lane * Float.BYTES, ORDER));
      for (long j = from + lane; j < to; j += VirtualLanes.COUNT) {
        FloatVector value =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, e, j * Float.BYTES, ORDER));
        sums = value.add(sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  /** The sum of {@code exp(x − shift)} over elements {@code from ≤ j < to}. */
  static float sumOfExp(MemorySegment x, long from, long to, float shift, Scratch scratch) {
    long end = tailStart(from, to);
    scratch.clearLanes();
    for (long chunk = from; chunk < end; chunk += Scratch.CHUNK) {
      long count = Math.min(Scratch.CHUNK, end - chunk);
      ExponentialLoops.exp(x, chunk, shift, scratch.chunk, 0, count);
      addToLanes(scratch.chunk, 0, count, scratch.lanes);
    }
    for (long j = end; j < to; j++) {
      scratch.addToLane(j - end, ScalarMath.exp(x.getAtIndex(FLOAT, j) - shift));
    }
    return scratch.sumOfLanes();
  }

  private static long tailStart(long from, long to) {
    return to - (to - from) % VirtualLanes.COUNT;
  }
}
