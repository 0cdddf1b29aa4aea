package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.LossKernels;

/**
 * Losses and their gradients.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Losses {
  private Losses() {}

  /**
   * Softmax cross-entropy, on the shared pool.
   *
   * @see #crossEntropy(WorkerPool, long, long, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void crossEntropy(
      long rows,
      long columns,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment lse,
      MemorySegment loss) {
    crossEntropy(WorkerPool.shared(), rows, columns, logits, labels, lse, loss);
  }

  /**
   * Softmax cross-entropy: {@code loss = Σᵢ (lseᵢ − logits[i][labelᵢ]) / rows} with the {@link
   * Softmax#logSumExp log-sum-exp} of each row; the mean of {@code −log softmax(logits)[label]}.
   * The sum over the rows is formed in f64. NaN if there are no rows.
   *
   * @param rows samples in the batch
   * @param columns classes
   * @param logits [rows, columns]
   * @param labels i32 [rows], each in 0..columns−1
   * @param lse [rows], written for {@link #crossEntropyBackward}
   * @param loss one element
   * @throws IndexOutOfBoundsException if a label is out of range; part of lse may be written
   */
  public static void crossEntropy(
      WorkerPool pool,
      long rows,
      long columns,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment lse,
      MemorySegment loss) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("logits", logits, size);
    Checks.input("labels", labels, rows);
    Checks.output("lse", lse, rows);
    Checks.output("loss", loss, 1);
    Checks.disjoint("lse", lse, rows, "logits", logits, size);
    Checks.disjoint("lse", lse, rows, "labels", labels, rows);
    Checks.disjoint("loss", loss, 1, "logits", logits, size);
    Checks.disjoint("loss", loss, 1, "labels", labels, rows);
    Checks.disjoint("loss", loss, 1, "lse", lse, rows);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) -> LossKernels.crossEntropyRows(logits, labels, lse, columns, from, to)),
        logits,
        labels,
        lse);
    LossKernels.crossEntropyMean(logits, labels, lse, rows, columns, loss);
  }

  /**
   * Gradient of softmax cross-entropy, on the shared pool.
   *
   * @see #crossEntropyBackward(WorkerPool, long, long, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void crossEntropyBackward(
      long rows,
      long columns,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment lse,
      MemorySegment dLogits) {
    crossEntropyBackward(WorkerPool.shared(), rows, columns, logits, labels, lse, dLogits);
  }

  /**
   * {@code dLogits = (exp(logits − lse) − onehot(label)) / rows}: the gradient of {@link
   * #crossEntropy} with respect to the logits.
   *
   * @param rows samples in the batch
   * @param columns classes
   * @param logits [rows, columns]
   * @param labels i32 [rows], each in 0..columns−1
   * @param lse [rows], from {@link #crossEntropy}
   * @param dLogits [rows, columns], may be logits
   * @throws IndexOutOfBoundsException if a label is out of range; part of dLogits may be written
   */
  public static void crossEntropyBackward(
      WorkerPool pool,
      long rows,
      long columns,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment lse,
      MemorySegment dLogits) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    Checks.input("logits", logits, size);
    Checks.input("labels", labels, rows);
    Checks.input("lse", lse, rows);
    Checks.output("dLogits", dLogits, size);
    Checks.sameOrDisjoint("dLogits", dLogits, "logits", logits, size);
    Checks.disjoint("dLogits", dLogits, size, "labels", labels, rows);
    Checks.disjoint("dLogits", dLogits, size, "lse", lse, rows);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                LossKernels.crossEntropyBackward(
                    logits, labels, lse, dLogits, rows, columns, from, to)),
        logits,
        labels,
        lse,
        dLogits);
  }

  /**
   * {@code loss = Σ (prediction − target)² / size}, on the calling thread. Blocks of 4096 elements
   * are summed in f32, in 16 partial sums each, and the blocks in f64. NaN if size is 0.
   *
   * @param size number of elements
   * @param prediction [size]
   * @param target [size]
   * @param loss one element
   */
  public static void meanSquaredError(
      long size, MemorySegment prediction, MemorySegment target, MemorySegment loss) {
    Checks.size("size", size);
    Checks.input("prediction", prediction, size);
    Checks.input("target", target, size);
    Checks.output("loss", loss, 1);
    Checks.disjoint("loss", loss, 1, "prediction", prediction, size);
    Checks.disjoint("loss", loss, 1, "target", target, size);
    LossKernels.meanSquaredError(prediction, target, size, loss);
  }

  /**
   * Gradient of the mean squared error, on the shared pool.
   *
   * @see #meanSquaredErrorBackward(WorkerPool, long, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void meanSquaredErrorBackward(
      long size, MemorySegment prediction, MemorySegment target, MemorySegment dPrediction) {
    meanSquaredErrorBackward(WorkerPool.shared(), size, prediction, target, dPrediction);
  }

  /**
   * {@code dPrediction = 2 (prediction − target) / size}: the gradient of {@link #meanSquaredError}
   * with respect to the prediction.
   *
   * @param size number of elements
   * @param prediction [size]
   * @param target [size]
   * @param dPrediction [size], may be prediction or target
   */
  public static void meanSquaredErrorBackward(
      WorkerPool pool,
      long size,
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment dPrediction) {
    Objects.requireNonNull(pool, "pool");
    Checks.size("size", size);
    Checks.input("prediction", prediction, size);
    Checks.input("target", target, size);
    Checks.output("dPrediction", dPrediction, size);
    Checks.sameOrDisjoint("dPrediction", dPrediction, "prediction", prediction, size);
    Checks.sameOrDisjoint("dPrediction", dPrediction, "target", target, size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                LossKernels.meanSquaredErrorBackward(
                    prediction, target, dPrediction, size, from, to)),
        prediction,
        target,
        dPrediction);
  }
}
