package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ReductionKernels;

/** Reductions, one element after the other. */
public final class ScalarReductionKernels implements ReductionKernels {
  /** The only instance. */
  public static final ScalarReductionKernels INSTANCE = new ScalarReductionKernels();

  private ScalarReductionKernels() {}

  @Override
  public void columnSums(
      MemorySegment x,
      long rows,
      long columns,
      boolean accumulate,
      MemorySegment sums,
      long columnFrom,
      long columnTo) {
    for (long j = columnFrom; j < columnTo; j++) {
      float sum = 0f;
      for (long i = 0; i < rows; i++) {
        sum += x.getAtIndex(JAVA_FLOAT, i * columns + j);
      }
      sums.setAtIndex(JAVA_FLOAT, j, accumulate ? sums.getAtIndex(JAVA_FLOAT, j) + sum : sum);
    }
  }

  @Override
  public void rowSums(
      MemorySegment x,
      long columns,
      boolean accumulate,
      MemorySegment sums,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      double sum = 0;
      for (long block = 0; block < columns; block += ROW_BLOCK) {
        float[] lanes = new float[VirtualLanes.COUNT];
        for (long j = block; j < Math.min(block + ROW_BLOCK, columns); j++) {
          lanes[(int) (j % VirtualLanes.COUNT)] += x.getAtIndex(JAVA_FLOAT, i * columns + j);
        }
        sum += VirtualLanes.sum(lanes);
      }
      float rounded = (float) sum;
      sums.setAtIndex(
          JAVA_FLOAT, i, accumulate ? sums.getAtIndex(JAVA_FLOAT, i) + rounded : rounded);
    }
  }
}
