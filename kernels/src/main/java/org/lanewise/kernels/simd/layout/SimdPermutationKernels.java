package org.lanewise.kernels.simd.layout;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.PermutationKernels;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Permutations of axes by a {@link PermutePlan}. Nothing is checked. */
public final class SimdPermutationKernels implements PermutationKernels {
  /** The only instance. */
  public static final SimdPermutationKernels INSTANCE = new SimdPermutationKernels();

  private SimdPermutationKernels() {}

  @Override
  public PoolRunnable permute(long[] sizes, int[] axes, MemorySegment x, MemorySegment y) {
    PermutePlan plan = new PermutePlan(sizes, axes);
    RangeTask.Kernel kernel = (from, to) -> SimdLayoutKernels.permute(plan, x, y, from, to);
    return plan.isTransposed()
        ? RangeTask.overColumns(plan.columns(), plan.lines(), kernel)
        : RangeTask.overRows(plan.lines(), plan.columns(), kernel);
  }
}
