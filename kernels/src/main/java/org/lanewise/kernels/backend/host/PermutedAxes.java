package org.lanewise.kernels.backend.host;

import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Shape;

/**
 * A permutation of exactly four axes, as kernels take it: with axes of size 1 before the others.
 *
 * @param sizes of the axes of x
 * @param order axis k of y is axis {@code order[k]} of x
 */
record PermutedAxes(long[] sizes, int[] order) {
  /** The permutation of a tensor of up to four axes. */
  public static PermutedAxes of(LayoutOp.Permute op, Shape x) {
    int missing = LayoutOp.Permute.MAX_AXES - x.rank();
    long[] sizes = new long[LayoutOp.Permute.MAX_AXES];
    int[] order = new int[LayoutOp.Permute.MAX_AXES];
    for (int k = 0; k < sizes.length; k++) {
      sizes[k] = k < missing ? 1 : x.dimension(k - missing);
      order[k] = k < missing ? k : op.axes().get(k - missing) + missing;
    }
    return new PermutedAxes(sizes, order);
  }
}
