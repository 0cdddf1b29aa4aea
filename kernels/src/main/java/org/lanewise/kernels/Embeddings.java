package org.lanewise.kernels;

import static org.lanewise.kernels.host.EmbeddingKernels.LINE_COLUMNS;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.host.EmbeddingKernels;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.layout.SimdEmbeddingKernels;
import org.lanewise.kernels.simd.layout.SimdLayoutKernels;

/**
 * Rows of a matrix by index, as an embedding looks them up, and the gradient of that.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Embeddings {
  private Embeddings() {}

  /**
   * Looks rows up, on the shared pool.
   *
   * @see #gather(WorkerPool, long, long, long, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void gather(
      long rows,
      long columns,
      long vocabulary,
      MemorySegment weight,
      MemorySegment indices,
      MemorySegment y) {
    gather(WorkerPool.shared(), rows, columns, vocabulary, weight, indices, y);
  }

  /**
   * {@code y[i] = weight[indices[i]]}.
   *
   * @param rows number of indices
   * @param vocabulary rows of the weight
   * @param weight [vocabulary, columns]
   * @param indices i32 [rows], each in 0..vocabulary−1
   * @param y [rows, columns]
   * @throws IndexOutOfBoundsException if an index is out of range; nothing is written
   */
  public static void gather(
      WorkerPool pool,
      long rows,
      long columns,
      long vocabulary,
      MemorySegment weight,
      MemorySegment indices,
      MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    long weightSize = Checks.elements("vocabulary", vocabulary, "columns", columns);
    Checks.input("weight", weight, weightSize);
    Checks.input("indices", indices, rows);
    Checks.output("y", y, size);
    Checks.disjoint("y", y, size, "weight", weight, weightSize);
    Checks.disjoint("y", y, size, "indices", indices, rows);
    Dispatch.run(
        pool,
        RangeTask.whole(() -> EmbeddingKernels.checkIndices(indices, rows, vocabulary)),
        indices);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdEmbeddingKernels.INSTANCE.gather(weight, indices, columns, y, from, to)),
        weight,
        indices,
        y);
  }

  /**
   * The gradient of rows looked up, on the shared pool.
   *
   * @see #gatherBackward(WorkerPool, long, long, long, boolean, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void gatherBackward(
      long rows,
      long columns,
      long vocabulary,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment indices,
      MemorySegment dWeight) {
    gatherBackward(
        WorkerPool.shared(), rows, columns, vocabulary, accumulate, dy, indices, dWeight);
  }

  /**
   * {@code dWeight[v] = Σ dy[i]} over the rows with {@code indices[i] = v}, or {@code dWeight[v] +=
   * …}: the gradient of {@link #gather} with respect to the weight. The rows are added in f32 one
   * after the other, in their order, to zero or to what is there. Threads share out columns.
   *
   * @param rows number of indices
   * @param vocabulary rows of the weight
   * @param accumulate whether the gradient is added to what is there
   * @param dy [rows, columns]
   * @param indices i32 [rows], each in 0..vocabulary−1
   * @param dWeight [vocabulary, columns]
   * @throws IndexOutOfBoundsException if an index is out of range; nothing is written
   */
  public static void gatherBackward(
      WorkerPool pool,
      long rows,
      long columns,
      long vocabulary,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment indices,
      MemorySegment dWeight) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    long weightSize = Checks.elements("vocabulary", vocabulary, "columns", columns);
    Checks.input("dy", dy, size);
    Checks.input("indices", indices, rows);
    Checks.output("dWeight", dWeight, weightSize);
    Checks.disjoint("dWeight", dWeight, weightSize, "dy", dy, size);
    Checks.disjoint("dWeight", dWeight, weightSize, "indices", indices, rows);
    Dispatch.run(
        pool,
        RangeTask.whole(() -> EmbeddingKernels.checkIndices(indices, rows, vocabulary)),
        indices);
    if (!accumulate) {
      Dispatch.run(
          pool,
          RangeTask.overElements(
              weightSize, (from, to) -> SimdLayoutKernels.INSTANCE.fill(dWeight, 0f, from, to)),
          dWeight);
    }
    Dispatch.run(
        pool,
        RangeTask.overItems(
            weightSize == 0 ? 0 : Math.ceilDiv(columns, LINE_COLUMNS),
            (double) rows * LINE_COLUMNS,
            (from, to) ->
                SimdEmbeddingKernels.INSTANCE.scatterAdd(
                    dy,
                    indices,
                    rows,
                    columns,
                    dWeight,
                    from * LINE_COLUMNS,
                    Math.min(columns, to * LINE_COLUMNS))),
        dy,
        indices,
        dWeight);
  }
}
