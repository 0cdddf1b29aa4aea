package org.lanewise.kernels.simd.reduction;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.ReductionKernels;
import org.lanewise.kernels.scalar.ScalarReductionKernels;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/** Sums of columns and of rows. Nothing is checked. */
public final class SimdReductionKernels implements ReductionKernels {
  /** Columns summed at once: a few cache lines of each row, and additions that do not wait. */
  private static final int BLOCK = 4 * COUNT;

  /** The only instance. */
  public static final SimdReductionKernels INSTANCE = new SimdReductionKernels();

  private SimdReductionKernels() {}

  @Override
  public void columnSums(
      MemorySegment x,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment sums,
      long columnFrom,
      long columnTo) {
    if (!accumulate) {
      clear(sums, columnFrom, columnTo);
    }
    long j = columnFrom;
    for (; j <= columnTo - BLOCK; j += BLOCK) {
      addBlock(x, rows, columns, sums, j);
    }
    for (; j < vectorEnd(columnFrom, columnTo); j += COUNT) {
      addVector(x, rows, columns, sums, j);
    }
    ScalarReductionKernels.INSTANCE.columnSums(x, rows, columns, true, sums, j, columnTo);
  }

  private static void clear(MemorySegment sums, long from, long to) {
    for (long j = from; j < to; j++) {
      sums.setAtIndex(FLOAT, j, 0f);
    }
  }

  private static void addBlock(
      MemorySegment x, long rows, long columns, MemorySegment sums, long column) {
    x = Lanes.memory(x);
    sums = Lanes.memory(sums);
    FloatVector zero = FloatVector.zero(F32);
    FloatVector sum0 = zero;
    FloatVector sum1 = zero;
    FloatVector sum2 = zero;
    FloatVector sum3 = zero;
    for (long i = 0; i < rows; i++) {
      long at = i * columns + column;
      sum0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER)).add(sum0);
      sum1 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (at + COUNT) * Float.BYTES, ORDER))
              .add(sum1);
      sum2 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (at + 2 * COUNT) * Float.BYTES, ORDER))
              .add(sum2);
      sum3 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (at + 3 * COUNT) * Float.BYTES, ORDER))
              .add(sum3);
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, sums, column * Float.BYTES, ORDER))
        .add(sum0)
        .intoMemorySegment(sums, column * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, sums, (column + COUNT) * Float.BYTES, ORDER))
        .add(sum1)
        .intoMemorySegment(sums, (column + COUNT) * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, sums, (column + 2 * COUNT) * Float.BYTES, ORDER))
        .add(sum2)
        .intoMemorySegment(sums, (column + 2 * COUNT) * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, sums, (column + 3 * COUNT) * Float.BYTES, ORDER))
        .add(sum3)
        .intoMemorySegment(sums, (column + 3 * COUNT) * Float.BYTES, ORDER);
  }

  private static void addVector(
      MemorySegment x, long rows, long columns, MemorySegment sums, long column) {
    x = Lanes.memory(x);
    sums = Lanes.memory(sums);
    FloatVector sum = FloatVector.zero(F32);
    for (long i = 0; i < rows; i++) {
      sum =
          FLOATS
              .cast(
                  FloatVector.fromMemorySegment(
                      F32, x, (i * columns + column) * Float.BYTES, ORDER))
              .add(sum);
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, sums, column * Float.BYTES, ORDER))
        .add(sum)
        .intoMemorySegment(sums, column * Float.BYTES, ORDER);
  }

  @Override
  public void rowSums(
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
        count = Math.min(ROW_BLOCK, columns - j);
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
