package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarCrossEntropyKernels;
import org.lanewise.kernels.simd.loss.SimdCrossEntropyKernels;
import org.lanewise.kernels.simd.loss.SimdElementLossKernels;
import org.lanewise.kernels.simd.loss.SimdLossKernels;

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
      MemorySegment normalizers,
      MemorySegment loss) {
    crossEntropy(WorkerPool.shared(), rows, columns, logits, labels, normalizers, loss);
  }

  /**
   * Softmax cross-entropy: {@code loss = Σᵢ (log(sumᵢ) + maxᵢ − logits[i][labelᵢ]) / rows} with the
   * maximum of each row and {@code sum = Σ exp(logits − max)}; the mean of {@code −log
   * softmax(logits)[label]}. The sum over the rows is formed in f64. NaN if there are no rows.
   *
   * <p>A row's error is at most {@code (columns / 16 + 10) · 2⁻²⁴}, however large the logits are.
   *
   * @param rows samples in the batch
   * @param columns classes
   * @param logits [rows, columns]
   * @param labels i32 [rows], each in 0..columns−1
   * @param normalizers [rows, 2], written for {@link #crossEntropyBackward}: each row's max, or 0
   *     if all its logits are −∞, and sum
   * @param loss one element
   * @throws IndexOutOfBoundsException if a label is out of range; part of normalizers may be
   *     written
   */
  public static void crossEntropy(
      WorkerPool pool,
      long rows,
      long columns,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment loss) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    long pairs = Checks.elements("rows", rows, "normalizers of a row", 2);
    Checks.input("logits", logits, size);
    Checks.input("labels", labels, rows);
    Checks.output("normalizers", normalizers, pairs);
    Checks.output("loss", loss, 1);
    Checks.disjoint("normalizers", normalizers, pairs, "logits", logits, size);
    Checks.disjoint("normalizers", normalizers, pairs, "labels", labels, rows);
    Checks.disjoint("loss", loss, 1, "logits", logits, size);
    Checks.disjoint("loss", loss, 1, "labels", labels, rows);
    Checks.disjoint("loss", loss, 1, "normalizers", normalizers, pairs);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdLossKernels.INSTANCE.crossEntropyRows(
                    logits, labels, normalizers, columns, from, to)),
        logits,
        labels,
        normalizers);
    Dispatch.run(
        pool,
        RangeTask.whole(() ->
            SimdLossKernels.INSTANCE.crossEntropyMean(
                logits, labels, normalizers, rows, columns, loss)),
        logits,
        labels,
        normalizers,
        loss);
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
      MemorySegment normalizers,
      MemorySegment dLogits) {
    crossEntropyBackward(WorkerPool.shared(), rows, columns, logits, labels, normalizers, dLogits);
  }

  /**
   * {@code dLogits = (exp(logits − max) / sum − onehot(label)) / rows}: the gradient of {@link
   * #crossEntropy} with respect to the logits.
   *
   * @param rows samples in the batch
   * @param columns classes
   * @param logits [rows, columns]
   * @param labels i32 [rows], each in 0..columns−1
   * @param normalizers [rows, 2], from {@link #crossEntropy}
   * @param dLogits [rows, columns], may be logits
   * @throws IndexOutOfBoundsException if a label is out of range; part of dLogits may be written
   */
  public static void crossEntropyBackward(
      WorkerPool pool,
      long rows,
      long columns,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment dLogits) {
    Objects.requireNonNull(pool, "pool");
    long size = Checks.elements("rows", rows, "columns", columns);
    long pairs = Checks.elements("rows", rows, "normalizers of a row", 2);
    Checks.input("logits", logits, size);
    Checks.input("labels", labels, rows);
    Checks.input("normalizers", normalizers, pairs);
    Checks.output("dLogits", dLogits, size);
    Checks.sameOrDisjoint("dLogits", dLogits, "logits", logits, size);
    Checks.disjoint("dLogits", dLogits, size, "labels", labels, rows);
    Checks.disjoint("dLogits", dLogits, size, "normalizers", normalizers, pairs);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdLossKernels.INSTANCE.crossEntropyBackward(
                    logits, labels, normalizers, dLogits, rows, columns, from, to)),
        logits,
        labels,
        normalizers,
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
    Dispatch.run(
        WorkerPool.shared(),
        RangeTask.whole(
            () -> SimdLossKernels.INSTANCE.meanSquaredError(prediction, target, size, loss)),
        prediction,
        target,
        loss);
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
                SimdLossKernels.INSTANCE.meanSquaredErrorBackward(
                    prediction, target, dPrediction, size, from, to)),
        prediction,
        target,
        dPrediction);
  }

  /**
   * Softmax cross-entropy with a label to be ignored and label smoothing, on the shared pool.
   *
   * @see #softmaxCrossEntropy(WorkerPool, Reduction, long, long, int, float, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void softmaxCrossEntropy(
      Reduction reduction,
      long rows,
      long columns,
      int ignored,
      float smoothing,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment losses,
      MemorySegment loss) {
    softmaxCrossEntropy(
        WorkerPool.shared(),
        reduction,
        rows,
        columns,
        ignored,
        smoothing,
        logits,
        labels,
        normalizers,
        losses,
        loss);
  }

  /**
   * Softmax cross-entropy with a label to be ignored and label smoothing (Szegedy et al.:
   * <i>Rethinking the Inception Architecture</i>, arXiv 1512.00567): {@code losses = (1 −
   * smoothing) · (lse − logits[label]) + smoothing · (lse − Σ logits / columns)} of each row with
   * its maximum, {@code sum = Σ exp(logits − max)} and {@code lse = max + log(sum)}, or 0 if the
   * label is the ignored one. The loss is their sum, formed in f64, or that divided by the number
   * of rows that are not ignored; the mean of none is NaN.
   *
   * <p>A row's error is at most {@code (columns / 16 + 10) · 2⁻²⁴ + 2⁻²² · (max − logits[label])},
   * and with smoothing {@code smoothing · (columns / 16 + 10) · 2⁻²⁴ · Σ (max − logits) / columns}
   * more, where max is the greatest of the row's logits.
   *
   * @param reduction mean or sum
   * @param rows samples in the batch
   * @param columns classes
   * @param ignored the label of rows that do not count; one that is not in 0..columns−1, such as
   *     −100, need not occur
   * @param smoothing part of the target that all classes share, from 0 to less than 1
   * @param logits [rows, columns]
   * @param labels i32 [rows], each in 0..columns−1 or the ignored one
   * @param normalizers [rows, 2], written for {@link #softmaxCrossEntropyBackward}: each row's max,
   *     or 0 if all its logits are −∞, and sum
   * @param losses [rows], written
   * @param loss one element
   * @throws IndexOutOfBoundsException if a label is out of range; part of normalizers and losses
   *     may be written
   */
  public static void softmaxCrossEntropy(
      WorkerPool pool,
      Reduction reduction,
      long rows,
      long columns,
      int ignored,
      float smoothing,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment losses,
      MemorySegment loss) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(reduction, "reduction");
    long size = Checks.elements("rows", rows, "columns", columns);
    long pairs = Checks.elements("rows", rows, "normalizers of a row", 2);
    Ranges.belowOne("smoothing", smoothing);
    Checks.input("logits", logits, size);
    Checks.input("labels", labels, rows);
    Checks.output("normalizers", normalizers, pairs);
    Checks.output("losses", losses, rows);
    Checks.output("loss", loss, 1);
    Checks.disjoint("normalizers", normalizers, pairs, "logits", logits, size);
    Checks.disjoint("normalizers", normalizers, pairs, "labels", labels, rows);
    Checks.disjoint("losses", losses, rows, "logits", logits, size);
    Checks.disjoint("losses", losses, rows, "labels", labels, rows);
    Checks.disjoint("losses", losses, rows, "normalizers", normalizers, pairs);
    Checks.disjoint("loss", loss, 1, "logits", logits, size);
    Checks.disjoint("loss", loss, 1, "labels", labels, rows);
    Checks.disjoint("loss", loss, 1, "normalizers", normalizers, pairs);
    Checks.disjoint("loss", loss, 1, "losses", losses, rows);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdCrossEntropyKernels.INSTANCE.rows(
                    logits, labels, ignored, smoothing, normalizers, losses, columns, from, to)),
        logits,
        labels,
        normalizers,
        losses);
    Dispatch.run(
        pool,
        RangeTask.whole(() -> {
          long count = ScalarCrossEntropyKernels.count(labels, ignored, rows);
          ScalarCrossEntropyKernels.reduce(losses, rows, reduction.divisor(count), loss);
        }),
        labels,
        losses,
        loss);
  }

  /**
   * Gradient of softmax cross-entropy with a label to be ignored and label smoothing, on the shared
   * pool.
   *
   * @see #softmaxCrossEntropyBackward(WorkerPool, Reduction, long, long, int, float, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void softmaxCrossEntropyBackward(
      Reduction reduction,
      long rows,
      long columns,
      int ignored,
      float smoothing,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment dLogits) {
    softmaxCrossEntropyBackward(
        WorkerPool.shared(),
        reduction,
        rows,
        columns,
        ignored,
        smoothing,
        logits,
        labels,
        normalizers,
        dLogits);
  }

  /**
   * The gradient of {@link #softmaxCrossEntropy} with respect to the logits: {@code dLogits =
   * exp(logits − max) / sum − (1 − smoothing) · onehot(label) − smoothing / columns}, divided for
   * the mean by the number of rows that are not ignored; 0 in ignored rows.
   *
   * @param reduction mean or sum
   * @param rows samples in the batch
   * @param columns classes
   * @param ignored the label of rows that do not count
   * @param smoothing part of the target that all classes share, from 0 to less than 1
   * @param logits [rows, columns]
   * @param labels i32 [rows], each in 0..columns−1 or the ignored one
   * @param normalizers [rows, 2], from {@link #softmaxCrossEntropy}
   * @param dLogits [rows, columns], may be logits
   * @throws IndexOutOfBoundsException if a label is out of range; part of dLogits may be written
   */
  public static void softmaxCrossEntropyBackward(
      WorkerPool pool,
      Reduction reduction,
      long rows,
      long columns,
      int ignored,
      float smoothing,
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment dLogits) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(reduction, "reduction");
    long size = Checks.elements("rows", rows, "columns", columns);
    long pairs = Checks.elements("rows", rows, "normalizers of a row", 2);
    Ranges.belowOne("smoothing", smoothing);
    Checks.input("logits", logits, size);
    Checks.input("labels", labels, rows);
    Checks.input("normalizers", normalizers, pairs);
    Checks.output("dLogits", dLogits, size);
    Checks.sameOrDisjoint("dLogits", dLogits, "logits", logits, size);
    Checks.disjoint("dLogits", dLogits, size, "labels", labels, rows);
    Checks.disjoint("dLogits", dLogits, size, "normalizers", normalizers, pairs);
    float scale = reduction.scale(ScalarCrossEntropyKernels.count(labels, ignored, rows));
    Dispatch.run(
        pool,
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdCrossEntropyKernels.INSTANCE.backward(
                    logits,
                    labels,
                    ignored,
                    smoothing,
                    scale,
                    normalizers,
                    dLogits,
                    columns,
                    from,
                    to)),
        logits,
        labels,
        normalizers,
        dLogits);
  }

  /**
   * Binary cross-entropy of logits: {@code loss = Σ (max(x, 0) − x · t + log(1 + exp(−|x|)))} with
   * logits x and targets t, or that divided by size, on the calling thread. It is {@code −t · log
   * sigmoid(x) − (1 − t) · log(1 − sigmoid(x))}, where nothing overflows. Blocks of 1024 elements
   * are summed in f32, in 16 partial sums each, and the blocks in f64, so that the relative error
   * is at most {@code 70 · 2⁻²⁴} for targets from 0 to 1. The mean of nothing is NaN; an infinite
   * logit or NaN gives NaN or infinity.
   *
   * @param reduction mean or sum
   * @param size number of elements
   * @param logits [size]
   * @param targets [size], usually from 0 to 1
   * @param loss one element
   */
  public static void binaryCrossEntropy(
      Reduction reduction,
      long size,
      MemorySegment logits,
      MemorySegment targets,
      MemorySegment loss) {
    Objects.requireNonNull(reduction, "reduction");
    Checks.size("size", size);
    Checks.input("logits", logits, size);
    Checks.input("targets", targets, size);
    Checks.output("loss", loss, 1);
    Checks.disjoint("loss", loss, 1, "logits", logits, size);
    Checks.disjoint("loss", loss, 1, "targets", targets, size);
    Dispatch.run(
        WorkerPool.shared(),
        RangeTask.whole(() ->
            SimdElementLossKernels.INSTANCE.binaryCrossEntropy(
                logits, targets, size, reduction.divisor(size), loss)),
        logits,
        targets,
        loss);
  }

  /**
   * Gradient of binary cross-entropy, on the shared pool.
   *
   * @see #binaryCrossEntropyBackward(WorkerPool, Reduction, long, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void binaryCrossEntropyBackward(
      Reduction reduction,
      long size,
      MemorySegment logits,
      MemorySegment targets,
      MemorySegment dLogits) {
    binaryCrossEntropyBackward(WorkerPool.shared(), reduction, size, logits, targets, dLogits);
  }

  /**
   * The gradient of {@link #binaryCrossEntropy} with respect to the logits: {@code dLogits =
   * sigmoid(logits) − targets}, divided by size for the mean. The sigmoid is exact to 2 ULP.
   *
   * @param reduction mean or sum
   * @param size number of elements
   * @param logits [size]
   * @param targets [size]
   * @param dLogits [size], may be logits
   */
  public static void binaryCrossEntropyBackward(
      WorkerPool pool,
      Reduction reduction,
      long size,
      MemorySegment logits,
      MemorySegment targets,
      MemorySegment dLogits) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(reduction, "reduction");
    Checks.size("size", size);
    Checks.input("logits", logits, size);
    Checks.input("targets", targets, size);
    Checks.output("dLogits", dLogits, size);
    Checks.sameOrDisjoint("dLogits", dLogits, "logits", logits, size);
    Checks.disjoint("dLogits", dLogits, size, "targets", targets, size);
    float scale = reduction.scale(size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                SimdElementLossKernels.INSTANCE.binaryCrossEntropyBackward(
                    logits, targets, scale, dLogits, from, to)),
        logits,
        targets,
        dLogits);
  }

  /**
   * Huber loss (Huber: <i>Robust Estimation of a Location Parameter</i>, 1964): the sum of {@code ½
   * e²} for errors {@code e = prediction − target} up to delta, and {@code delta · (|e| − ½ delta)}
   * for larger ones, or that divided by size; on the calling thread, summed as {@link
   * #binaryCrossEntropy}, with a relative error of at most {@code 70 · 2⁻²⁴}. The mean of nothing
   * is NaN.
   *
   * @param reduction mean or sum
   * @param size number of elements
   * @param delta error from which the loss is linear, positive
   * @param prediction [size]
   * @param target [size]
   * @param loss one element
   */
  public static void huber(
      Reduction reduction,
      long size,
      float delta,
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment loss) {
    Objects.requireNonNull(reduction, "reduction");
    Checks.size("size", size);
    Ranges.aboveZero("delta", delta);
    Checks.input("prediction", prediction, size);
    Checks.input("target", target, size);
    Checks.output("loss", loss, 1);
    Checks.disjoint("loss", loss, 1, "prediction", prediction, size);
    Checks.disjoint("loss", loss, 1, "target", target, size);
    Dispatch.run(
        WorkerPool.shared(),
        RangeTask.whole(() ->
            SimdElementLossKernels.INSTANCE.huber(
                prediction, target, delta, size, reduction.divisor(size), loss)),
        prediction,
        target,
        loss);
  }

  /**
   * Gradient of the Huber loss, on the shared pool.
   *
   * @see #huberBackward(WorkerPool, Reduction, long, float, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void huberBackward(
      Reduction reduction,
      long size,
      float delta,
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment dPrediction) {
    huberBackward(WorkerPool.shared(), reduction, size, delta, prediction, target, dPrediction);
  }

  /**
   * The gradient of {@link #huber} with respect to the prediction: {@code prediction − target},
   * limited to −delta..delta, and divided by size for the mean.
   *
   * @param reduction mean or sum
   * @param size number of elements
   * @param delta error from which the loss is linear, positive
   * @param prediction [size]
   * @param target [size]
   * @param dPrediction [size], may be prediction or target
   */
  public static void huberBackward(
      WorkerPool pool,
      Reduction reduction,
      long size,
      float delta,
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment dPrediction) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(reduction, "reduction");
    Checks.size("size", size);
    Ranges.aboveZero("delta", delta);
    Checks.input("prediction", prediction, size);
    Checks.input("target", target, size);
    Checks.output("dPrediction", dPrediction, size);
    Checks.sameOrDisjoint("dPrediction", dPrediction, "prediction", prediction, size);
    Checks.sameOrDisjoint("dPrediction", dPrediction, "target", target, size);
    float scale = reduction.scale(size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                SimdElementLossKernels.INSTANCE.huberBackward(
                    prediction, target, delta, scale, dPrediction, from, to)),
        prediction,
        target,
        dPrediction);
  }

  /**
   * {@code loss = Σ (prediction − target)²}, or that divided by size, which is {@link
   * #meanSquaredError}, with the same bits.
   *
   * @param reduction mean or sum
   * @param size number of elements
   * @param prediction [size]
   * @param target [size]
   * @param loss one element
   */
  public static void squaredError(
      Reduction reduction,
      long size,
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment loss) {
    Objects.requireNonNull(reduction, "reduction");
    Checks.size("size", size);
    Checks.input("prediction", prediction, size);
    Checks.input("target", target, size);
    Checks.output("loss", loss, 1);
    Checks.disjoint("loss", loss, 1, "prediction", prediction, size);
    Checks.disjoint("loss", loss, 1, "target", target, size);
    Dispatch.run(
        WorkerPool.shared(),
        RangeTask.whole(() ->
            SimdLossKernels.INSTANCE.squaredError(
                prediction, target, size, reduction.divisor(size), loss)),
        prediction,
        target,
        loss);
  }

  /**
   * Gradient of the squared error, on the shared pool.
   *
   * @see #squaredErrorBackward(WorkerPool, Reduction, long, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void squaredErrorBackward(
      Reduction reduction,
      long size,
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment dPrediction) {
    squaredErrorBackward(WorkerPool.shared(), reduction, size, prediction, target, dPrediction);
  }

  /**
   * The gradient of {@link #squaredError} with respect to the prediction: {@code 2 (prediction −
   * target)}, divided by size for the mean.
   *
   * @param reduction mean or sum
   * @param size number of elements
   * @param prediction [size]
   * @param target [size]
   * @param dPrediction [size], may be prediction or target
   */
  public static void squaredErrorBackward(
      WorkerPool pool,
      Reduction reduction,
      long size,
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment dPrediction) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(reduction, "reduction");
    Checks.size("size", size);
    Checks.input("prediction", prediction, size);
    Checks.input("target", target, size);
    Checks.output("dPrediction", dPrediction, size);
    Checks.sameOrDisjoint("dPrediction", dPrediction, "prediction", prediction, size);
    Checks.sameOrDisjoint("dPrediction", dPrediction, "target", target, size);
    float scale = 2f * reduction.scale(size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                SimdLossKernels.INSTANCE.squaredErrorBackward(
                    prediction, target, scale, dPrediction, from, to)),
        prediction,
        target,
        dPrediction);
  }
}
