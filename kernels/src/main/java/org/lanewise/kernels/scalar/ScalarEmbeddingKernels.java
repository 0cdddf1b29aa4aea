package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.EmbeddingKernels;

/** Rows of a matrix by index, and the gradient of that, one element after the other. */
public final class ScalarEmbeddingKernels implements EmbeddingKernels {
  /** The only instance. */
  public static final ScalarEmbeddingKernels INSTANCE = new ScalarEmbeddingKernels();

  private ScalarEmbeddingKernels() {}

  @Override
  public void gather(
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

  @Override
  public void scatterAdd(
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
