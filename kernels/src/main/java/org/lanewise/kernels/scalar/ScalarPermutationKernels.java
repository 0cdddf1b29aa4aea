package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.PermutationKernels;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Permutations of axes, one element after the other, on one thread. */
public final class ScalarPermutationKernels implements PermutationKernels {
  /** The only instance. */
  public static final ScalarPermutationKernels INSTANCE = new ScalarPermutationKernels();

  private ScalarPermutationKernels() {}

  @Override
  public PoolRunnable permute(long[] sizes, int[] axes, MemorySegment x, MemorySegment y) {
    return RangeTask.whole(() -> copy(sizes, axes, x, y));
  }

  private static void copy(long[] sizes, int[] axes, MemorySegment x, MemorySegment y) {
    long[] at = new long[axes.length];
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    for (long i = 0; i < count; i++) {
      long rest = i;
      for (int k = axes.length - 1; k >= 0; k--) { // the indices of element i of y
        at[axes[k]] = rest % sizes[axes[k]];
        rest /= sizes[axes[k]];
      }
      long from = 0;
      for (int axis = 0; axis < sizes.length; axis++) {
        from = from * sizes[axis] + at[axis];
      }
      y.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_FLOAT, from));
    }
  }
}
