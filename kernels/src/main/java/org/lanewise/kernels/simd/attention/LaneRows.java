package org.lanewise.kernels.simd.attention;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;

/**
 * Reductions of several rows: the {@link VirtualLanes} of each lie in a matrix [rows, 16], whose
 * rows are then reduced together, as vectors, which takes a fraction of the time that one row after
 * the other does.
 *
 * <p>All offsets are in elements. A reduction leaves its results in the first column, and anything
 * in the others; it reads up to 8 elements beyond the matrix.
 */
final class LaneRows {
  private LaneRows() {}

  /** Elements of a matrix of lanes, with what is read beyond it. */
  static long size(long rows) {
    return (rows + 1) * VirtualLanes.COUNT;
  }

  /**
   * The largest elements of each lane, any result for NaN, of rows that follow each other.
   *
   * @param width elements of a row, a positive multiple of {@link VirtualLanes#COUNT}
   */
  static void maxima(
      MemorySegment x, long from, long rows, long width, MemorySegment lanes, long at) {
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    for (long i = 0; i < rows; i++) {
      for (long lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
        FloatVector maxima = FloatVector.broadcast(F32, Float.NEGATIVE_INFINITY);
        long j = from + i * width + lane;
        long end = j + width;
        while (j != end) {
          FloatVector value =
              FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
          maxima = FLOATS.cast(maxima).blend(value, value.compare(VectorOperators.GT, maxima));
          j += VirtualLanes.COUNT;
        }
        FLOATS
            .cast(maxima)
            .intoMemorySegment(lanes, (at + i * VirtualLanes.COUNT + lane) * Float.BYTES, ORDER);
      }
    }
  }

  /** The sum of {@code x · y} in each lane. */
  static void products(
      MemorySegment x, MemorySegment y, long from, long to, MemorySegment lanes, long at) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    lanes = Lanes.memory(lanes);
    long end = to - (to - from) % VirtualLanes.COUNT;
    for (long lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums = FloatVector.zero(F32);
      for (long j = from + lane; j < end; j += VirtualLanes.COUNT) {
        FloatVector value =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
        FloatVector factor =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, y, j * Float.BYTES, ORDER));
        sums = value.fma(factor, sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, (at + lane) * Float.BYTES, ORDER);
    }
    for (long j = end; j < to; j++) {
      long lane = at + j - end;
      float sum = lanes.getAtIndex(FLOAT, lane);
      lanes.setAtIndex(FLOAT, lane, Math.fma(x.getAtIndex(FLOAT, j), y.getAtIndex(FLOAT, j), sum));
    }
  }

  /** The largest lane of each row. */
  static void max(MemorySegment lanes, long at, long rows) {
    for (long apart = VirtualLanes.COUNT / 2; apart > 0; apart /= 2) {
      maxOfPairs(lanes, at, at + rows * VirtualLanes.COUNT, apart);
    }
  }

  private static void maxOfPairs(MemorySegment lanes, long from, long to, long apart) {
    if (from == to) {
      return;
    }
    lanes = Lanes.memory(lanes);
    for (long i = from; i < to; i += COUNT) {
      FloatVector x =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, i * Float.BYTES, ORDER));
      FloatVector y =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, (i + apart) * Float.BYTES, ORDER));
      x.blend(y, y.compare(VectorOperators.GT, x)).intoMemorySegment(lanes, i * Float.BYTES, ORDER);
    }
  }

  /** The sum of each row in the order of {@link VirtualLanes}. */
  static void sum(MemorySegment lanes, long at, long rows) {
    for (long apart = VirtualLanes.COUNT / 2; apart > 0; apart /= 2) {
      sumOfPairs(lanes, at, at + rows * VirtualLanes.COUNT, apart);
    }
  }

  private static void sumOfPairs(MemorySegment lanes, long from, long to, long apart) {
    if (from == to) {
      return;
    }
    lanes = Lanes.memory(lanes);
    for (long i = from; i < to; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, lanes, i * Float.BYTES, ORDER))
          .add(
              FLOATS.cast(
                  FloatVector.fromMemorySegment(F32, lanes, (i + apart) * Float.BYTES, ORDER)))
          .intoMemorySegment(lanes, i * Float.BYTES, ORDER);
    }
  }
}
