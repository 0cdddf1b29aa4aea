package org.lanewise.kernels.simd.layout;

import static org.lanewise.kernels.simd.Lanes.INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.EmbeddingKernels;

/** Rows of a matrix by index, and the gradient of that. Nothing is checked. */
public final class SimdEmbeddingKernels implements EmbeddingKernels {
  /** The only instance. */
  public static final SimdEmbeddingKernels INSTANCE = new SimdEmbeddingKernels();

  private SimdEmbeddingKernels() {}

  @Override
  public void gather(
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

  @Override
  public void scatterAdd(
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
