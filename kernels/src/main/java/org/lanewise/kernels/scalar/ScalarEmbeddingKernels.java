package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Rows of a matrix by index, and the gradient of that, one element after the other. */
public final class ScalarEmbeddingKernels {
  private ScalarEmbeddingKernels() {}

  /**
   * Checks indices of rows.
   *
   * @throws IndexOutOfBoundsException if one is not in 0..vocabulary−1
   */
  public static void checkIndices(MemorySegment indices, long rows, long vocabulary) {
    for (long i = 0; i < rows; i++) {
      int index = indices.getAtIndex(JAVA_INT, i);
      if (index < 0 || index >= vocabulary) {
        throw new IndexOutOfBoundsException(
            "index %d at position %d is not one of the %d rows of the weight"
                .formatted(index, i, vocabulary));
      }
    }
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
      long row = indices.getAtIndex(JAVA_INT, i);
      for (long j = 0; j < columns; j++) {
        float value = weight.getAtIndex(JAVA_FLOAT, row * columns + j);
        y.setAtIndex(JAVA_FLOAT, i * columns + j, value);
      }
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
    for (long i = 0; i < rows; i++) {
      long row = indices.getAtIndex(JAVA_INT, i);
      for (long j = columnFrom; j < columnTo; j++) {
        long at = row * columns + j;
        float sum = dWeight.getAtIndex(JAVA_FLOAT, at) + dy.getAtIndex(JAVA_FLOAT, i * columns + j);
        dWeight.setAtIndex(JAVA_FLOAT, at, sum);
      }
    }
  }
}
