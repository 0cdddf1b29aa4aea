package org.lanewise.kernels.simd.layout;

import static org.lanewise.kernels.simd.Lanes.INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.scalar.ScalarEmbeddingKernels;

/** Rows of a matrix by index, and the gradient of that. Only {@link #checkIndices} checks. */
public final class EmbeddingKernels {
  private EmbeddingKernels() {}

  /**
   * Checks indices of rows.
   *
   * @throws IndexOutOfBoundsException if one is not in 0..vocabulary−1
   */
  public static void checkIndices(MemorySegment indices, long rows, long vocabulary) {
    ScalarEmbeddingKernels.checkIndices(indices, rows, vocabulary);
  }

  /** {@code y[i] = weight[indices[i]]} for rows {@code rowFrom ≤ i < rowTo}. */
  public static void gather(
      MemorySegment weight,
      MemorySegment indices,
      long columns,
      MemorySegment y,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      long row = indices.getAtIndex(INT, i);
      LayoutLoops.copy(weight, row * columns, y, i * columns, columns);
    }
  }

  /**
   * {@code dweight[indices[i]] += dy[i]}, in the order of i, for columns {@code columnFrom ≤ j <
   * columnTo}.
   */
  public static void scatterAdd(
      MemorySegment dy,
      MemorySegment indices,
      long rows,
      long columns,
      MemorySegment dWeight,
      long columnFrom,
      long columnTo) {
    long count = columnTo - columnFrom;
    for (long i = 0; i < rows; i++) {
      long row = indices.getAtIndex(INT, i);
      LayoutLoops.add(dy, i * columns + columnFrom, dWeight, row * columns + columnFrom, count);
    }
  }
}
