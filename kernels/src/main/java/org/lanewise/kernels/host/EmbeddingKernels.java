package org.lanewise.kernels.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Rows of a matrix by index, and the gradient of that. */
public interface EmbeddingKernels {
  /**
   * Checks indices of rows.
   *
   * @throws IndexOutOfBoundsException if one is not in 0..vocabulary−1
   */
  static void checkIndices(MemorySegment indices, long rows, long vocabulary) {
    for (long i = 0; i < rows; i++) {
      int index = indices.getAtIndex(JAVA_INT, i);
      if (index < 0 || index >= vocabulary) {
        throw new IndexOutOfBoundsException(
            "index %d at position %d is not one of the %d rows of the weight"
                .formatted(index, i, vocabulary));
      }
    }
  }

  /** Columns of a cache line, which is not shared out. */
  int LINE_COLUMNS = 16;

  /** {@code y[i] = weight[indices[i]]} for rows {@code rowFrom ≤ i < rowTo}. */
  void gather(
      MemorySegment weight,
      MemorySegment indices,
      long columns,
      MemorySegment y,
      long rowFrom,
      long rowTo);

  /**
   * {@code dweight[indices[i]] += dy[i]}, in the order of i, for columns {@code columnFrom ≤ j <
   * columnTo}.
   */
  void scatterAdd(
      MemorySegment dy,
      MemorySegment indices,
      long rows,
      long columns,
      MemorySegment dWeight,
      long columnFrom,
      long columnTo);
}
