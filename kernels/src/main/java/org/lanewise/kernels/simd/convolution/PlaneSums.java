package org.lanewise.kernels.simd.convolution;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/** Sums of planes. */
final class PlaneSums {
  private PlaneSums() {}

  /** The sum of {@code from ≤ i < to} in the order of {@link VirtualLanes}. */
  static float sum(MemorySegment x, long from, long to) {
    Scratch scratch = Scratch.ofThread();
    long end = to - (to - from) % VirtualLanes.COUNT;
    scratch.clearLanes();
    if (from < end) {
      addVectors(x, from, end, scratch.lanes);
    }
    for (long i = end; i < to; i++) {
      scratch.addToLane(i - end, x.getAtIndex(FLOAT, i));
    }
    return scratch.sumOfLanes();
  }

  private static void addVectors(MemorySegment x, long from, long to, MemorySegment lanes) {
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums = FloatVector.zero(F32);
      for (long i = from + lane; i < to; i += VirtualLanes.COUNT) {
        sums =
            FLOATS
                .cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER))
                .add(FLOATS.cast(sums));
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  /** The sum of the lanes that begin at {@code at}, in the order of {@link VirtualLanes}. */
  static float sumOfLanes(MemorySegment x, long at) {
    return (quarter(x, at) + quarter(x, at + 2)) + (quarter(x, at + 1) + quarter(x, at + 3));
  }

  private static float quarter(MemorySegment x, long at) {
    return (x.getAtIndex(FLOAT, at) + x.getAtIndex(FLOAT, at + 8))
        + (x.getAtIndex(FLOAT, at + 4) + x.getAtIndex(FLOAT, at + 12));
  }
}
