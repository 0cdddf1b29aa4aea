package org.lanewise.kernels.simd.reduction;

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
import org.lanewise.kernels.simd.Scratch;

/** Sums over the elements {@code from ≤ j < to} of a row, in the order of {@link VirtualLanes}. */
public final class RowSums {
  private RowSums() {}

  /** {@code Σ x}. */
  public static float sum(MemorySegment x, long from, long to, Scratch scratch) {
    long end = tailStart(from, to);
    sums(x, from, end, scratch.lanes);
    for (long j = end; j < to; j++) {
      scratch.addToLane(j - end, x.getAtIndex(FLOAT, j));
    }
    return scratch.sumOfLanes();
  }

  private static void sums(MemorySegment x, long from, long to, MemorySegment lanes) {
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums = FloatVector.zero(F32);
      for (long j = from + lane; j < to; j += VirtualLanes.COUNT) {
        sums = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER)).add(sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  /** {@code Σ x · y}. */
  public static float dot(MemorySegment x, MemorySegment y, long from, long to, Scratch scratch) {
    long end = tailStart(from, to);
    dots(x, y, from, end, scratch.lanes);
    for (long j = end; j < to; j++) {
      scratch.addToLane(j - end, x.getAtIndex(FLOAT, j), y.getAtIndex(FLOAT, j));
    }
    return scratch.sumOfLanes();
  }

  private static void dots(
      MemorySegment x, MemorySegment y, long from, long to, MemorySegment lanes) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums = FloatVector.zero(F32);
      for (long j = from + lane; j < to; j += VirtualLanes.COUNT) {
        sums =
            FLOATS
                .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
                .fma(FloatVector.fromMemorySegment(F32, y, j * Float.BYTES, ORDER), sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  /** {@code Σ weight · x}, where x is 0 if its weight is, also instead of NaN and infinity. */
  public static float weightedSum(
      MemorySegment weights, MemorySegment x, long from, long to, Scratch scratch) {
    long end = tailStart(from, to);
    weightedSums(weights, x, from, end, scratch.lanes);
    for (long j = end; j < to; j++) {
      float weight = weights.getAtIndex(FLOAT, j);
      scratch.addToLane(j - end, weight == 0f ? 0f : x.getAtIndex(FLOAT, j), weight);
    }
    return scratch.sumOfLanes();
  }

  /** It replaces x, not the sum of which x is a part, so that a sum waits for nothing but sums. */
  private static void weightedSums(
      MemorySegment weights, MemorySegment x, long from, long to, MemorySegment lanes) {
    weights = Lanes.memory(weights);
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums = FloatVector.zero(F32);
      for (long j = from + lane; j < to; j += VirtualLanes.COUNT) {
        FloatVector weight =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, weights, j * Float.BYTES, ORDER));
        sums =
            FLOATS
                .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
                .blend(0f, weight.compare(VectorOperators.EQ, 0f))
                .fma(weight, sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  /** {@code Σ (x − shift)}. */
  public static float sumOfDifferences(
      MemorySegment x, float shift, long from, long to, Scratch scratch) {
    long end = tailStart(from, to);
    scratch.clearLanes();
    addDifferences(x, shift, from, end, scratch.lanes);
    for (long j = end; j < to; j++) {
      scratch.addToLane(j - end, x.getAtIndex(FLOAT, j) - shift);
    }
    return scratch.sumOfLanes();
  }

  /** {@code Σ (x − mean − rest)²}. */
  public static float sumOfSquares(
      MemorySegment x, float mean, float rest, long from, long to, Scratch scratch) {
    long end = tailStart(from, to);
    scratch.clearLanes();
    addSquares(x, mean, rest, from, end, scratch.lanes);
    for (long j = end; j < to; j++) {
      float difference = x.getAtIndex(FLOAT, j) - mean - rest;
      scratch.addToLane(j - end, difference, difference);
    }
    return scratch.sumOfLanes();
  }

  /** Adds {@code x − shift} to the lanes; a multiple of {@link VirtualLanes#COUNT} elements. */
  public static void addDifferences(
      MemorySegment x, float shift, long from, long to, MemorySegment lanes) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lane * Float.BYTES, ORDER));
      for (long j = from + lane; j < to; j += VirtualLanes.COUNT) {
        sums =
            FLOATS
                .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
                .sub(shift)
                .add(sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  /** Adds {@code (x − mean − rest)²} to the lanes, likewise. */
  public static void addSquares(
      MemorySegment x, float mean, float rest, long from, long to, MemorySegment lanes) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lane * Float.BYTES, ORDER));
      for (long j = from + lane; j < to; j += VirtualLanes.COUNT) {
        FloatVector difference =
            FLOATS
                .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
                .sub(mean)
                .sub(rest);
        sums = difference.fma(difference, sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  /** The end of the elements that fill all lanes. */
  public static long tailStart(long from, long to) {
    return to - (to - from) % VirtualLanes.COUNT;
  }
}
