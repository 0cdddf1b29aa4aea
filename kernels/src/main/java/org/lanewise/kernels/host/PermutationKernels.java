package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.parallel.PoolRunnable;

/** Permutations of the axes of a tensor. */
public interface PermutationKernels {
  /**
   * Prepares a permutation: axis k of y is axis {@code axes[k]} of x.
   *
   * @param sizes of the four axes of x, none of them 0
   * @param axes a permutation of 0..3
   */
  PoolRunnable permute(long[] sizes, int[] axes, MemorySegment x, MemorySegment y);
}
