package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/**
 * Sums over a vector, and sums of two vectors.
 *
 * <p>A sum is formed over blocks of {@link #BLOCK} elements, and over these in f64. In a block,
 * element j belongs to lane {@code j mod LANES}; each lane adds its elements in order, and then the
 * lanes are added as a tree. So a sum does not depend on the width of vectors, nor on which thread
 * adds which blocks.
 */
public interface BlasKernels {
  /** Elements of the widest vector. */
  int GROUP = 64 / Float.BYTES;

  /** Partial sums of a block: as many as four additions at a time need, which take four cycles. */
  int LANES = 4 * GROUP;

  /** Elements of a block: 16 KiB. */
  int BLOCK = 16 * 1024 / Float.BYTES;

  /** {@code sums[b] = Σ x} over each block {@code blockFrom ≤ b < blockTo}. */
  void sums(MemorySegment x, long size, double[] sums, long blockFrom, long blockTo);

  /** {@code sums[b] = Σ x · y} over each block {@code blockFrom ≤ b < blockTo}. */
  void dots(
      MemorySegment x, MemorySegment y, long size, double[] sums, long blockFrom, long blockTo);

  /** {@code sums[b] = Σ (scale · x)²} over each block {@code blockFrom ≤ b < blockTo}. */
  void squares(
      MemorySegment x, float scale, long size, double[] sums, long blockFrom, long blockTo);

  /** {@code y = alpha · x + y} for elements {@code from ≤ i < to}. */
  void axpy(float alpha, MemorySegment x, MemorySegment y, long from, long to);

  /** {@code y = alpha · x} for elements {@code from ≤ i < to}; y may be x. */
  void scal(float alpha, MemorySegment x, MemorySegment y, long from, long to);
}
