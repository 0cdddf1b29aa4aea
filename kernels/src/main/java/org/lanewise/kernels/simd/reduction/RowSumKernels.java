package org.lanewise.kernels.simd.reduction;

import static org.lanewise.kernels.scalar.ScalarRowKernels.BLOCK;
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

/** Sums of rows. Nothing is checked. */
public final class RowSumKernels {
  private RowSumKernels() {}

  /**
   * {@code sums[i] = Σⱼ x[i][j]}, or {@code sums[i] += …}, for rows {@code rowFrom ≤ i < rowTo}.
   */
  public static void rowSums(
      MemorySegment x,
      long columns,
      boolean accumulate,
      MemorySegment sums,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long start = i * columns;
      double sum = 0;
      for (long j = 0, count; j < columns; j += count) {
        count = Math.min(BLOCK, columns - j);
        sum += blockSum(x, start + j, start + j + count, scratch);
      }
      float rounded = (float) sum;
      sums.setAtIndex(FLOAT, i, accumulate ? sums.getAtIndex(FLOAT, i) + rounded : rounded);
    }
  }

  private static float blockSum(MemorySegment x, long from, long to, Scratch scratch) {
    long end = to - (to - from) % VirtualLanes.COUNT;
    sumVectors(x, from, end, scratch.lanes);
    for (long j = end; j < to; j++) {
      scratch.addToLane(j - end, x.getAtIndex(FLOAT, j));
    }
    return scratch.sumOfLanes();
  }

  private static void sumVectors(MemorySegment x, long from, long to, MemorySegment lanes) {
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums = FloatVector.zero(F32);
      long j = from;
      while (j != to) { // no counted loop, as rows are often short
        sums =
            FLOATS
                .cast(FloatVector.fromMemorySegment(F32, x, (j + lane) * Float.BYTES, ORDER))
                .add(sums);
        j += VirtualLanes.COUNT;
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }
}
