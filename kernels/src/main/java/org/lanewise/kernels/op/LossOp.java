package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/** Losses, which are scalars, and their gradients. */
public sealed interface LossOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends LossOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends LossOp, Op.Backward {}

  /**
   * The mean over the rows, or sum, of {@code −log softmax(logits)[label]}, or with smoothing of
   * {@code −Σ target · log softmax(logits)}, where the target is {@code (1 − smoothing) ·
   * onehot(label) + smoothing / n} (Szegedy et al., arXiv 1512.00567). Rows whose label is ignored
   * do not count; the mean of none is NaN.
   *
   * <p>Inputs: logits [m, n], labels i32 [m], each in 0..n−1 or the ignored one. Outputs: the loss,
   * a scalar, each row's normalizers [m, 2], which the backward op needs, and unless {@link
   * #isPlain()}, each row's loss [m]. A row's normalizers are the greatest of its logits, or 0 if
   * all are −∞, and {@code Σ exp(logits − max)}; the log-sum-exp would be one number, but loses the
   * logarithm in a large maximum.
   *
   * @param ignored the label of rows that do not count, such as −100
   * @param smoothing part of the target that all classes share
   */
  record SoftmaxCrossEntropy(Reduction reduction, OptionalInt ignored, float smoothing)
      implements Forward {
    /** The mean, without a label to be ignored and without smoothing. */
    public SoftmaxCrossEntropy() {
      this(Reduction.MEAN, OptionalInt.empty(), 0f);
    }

    /**
     * @throws IllegalArgumentException if smoothing is not from 0 to less than 1
     */
    public SoftmaxCrossEntropy {
      check(reduction, ignored, smoothing);
    }

    /** Whether it is the mean, without a label to be ignored and without smoothing. */
    public boolean isPlain() {
      return LossOp.isPlain(reduction, ignored, smoothing);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      long rows = rowsWithLabels(in.count(2));
      TensorType normalizers = TensorType.f32(rows, 2);
      return isPlain()
          ? List.of(TensorType.f32(), normalizers)
          : List.of(TensorType.f32(), normalizers, TensorType.f32(rows));
    }

    @Override
    public Effects effects() {
      Effects plain = Effects.reads("logits", "labels").writes("loss").writes("log-sum-exp");
      return isPlain() ? plain : plain.writes("losses of rows");
    }

    @Override
    public long flops(Inputs in) {
      return (smoothing == 0 ? 4 : 6) * in.size(0);
    }
  }

  /**
   * {@code −log softmax(logits)[label]} of each row, or with smoothing the cross-entropy of the
   * target of {@link SoftmaxCrossEntropy}; 0 of rows whose label is ignored. The gradient of logits
   * is the product of each row of {@link SoftmaxCrossEntropyBackward} of the sum with the upstream
   * gradient.
   *
   * <p>Inputs: logits [m, n], labels i32 [m], each in 0..n−1 or the ignored one. Outputs: each
   * row's loss [m], and its normalizers [m, 2].
   *
   * @param ignored the label of rows that do not count, such as −100
   * @param smoothing part of the target that all classes share
   */
  record SoftmaxCrossEntropyOfRows(OptionalInt ignored, float smoothing) implements Forward {
    /**
     * @throws IllegalArgumentException if smoothing is not from 0 to less than 1
     */
    public SoftmaxCrossEntropyOfRows {
      check(Reduction.SUM, ignored, smoothing);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      long rows = rowsWithLabels(in.count(2));
      return List.of(TensorType.f32(rows), TensorType.f32(rows, 2));
    }

    @Override
    public Effects effects() {
      return Effects.reads("logits", "labels").writes("losses").writes("log-sum-exp");
    }

    @Override
    public long flops(Inputs in) {
      return (smoothing == 0 ? 4 : 6) * in.size(0);
    }
  }

  /**
   * {@code softmax(logits) − target} in each row, with the target of {@link SoftmaxCrossEntropy},
   * divided for the mean by the number of rows that count; 0 in those that do not. Inputs: logits
   * [m, n], labels i32 [m], normalizers [m, 2]. Output: dlogits [m, n], which may be logits.
   *
   * @param ignored the label of rows that do not count
   * @param smoothing part of the target that all classes share
   */
  record SoftmaxCrossEntropyBackward(Reduction reduction, OptionalInt ignored, float smoothing)
      implements Backward {
    /** That of the mean, without a label to be ignored and without smoothing. */
    public SoftmaxCrossEntropyBackward() {
      this(Reduction.MEAN, OptionalInt.empty(), 0f);
    }

    /**
     * @throws IllegalArgumentException if smoothing is not from 0 to less than 1
     */
    public SoftmaxCrossEntropyBackward {
      check(reduction, ignored, smoothing);
    }

    /** Whether it is that of the mean, without a label to be ignored and without smoothing. */
    public boolean isPlain() {
      return LossOp.isPlain(reduction, ignored, smoothing);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      long rows = rowsWithLabels(in.count(3));
      in.type(2, "normalizers", TensorType.f32(rows, 2));
      return List.of(in.f32(0, "logits"));
    }

    @Override
    public Effects effects() {
      return Effects.reads("logits", "labels", "log-sum-exp").writes("dlogits", "logits");
    }

    @Override
    public long flops(Inputs in) {
      return 3 * in.size(0);
    }
  }

  /** Mean of {@code (prediction − target)²}. Inputs: prediction, target. Output: a scalar. */
  record MeanSquaredError() implements Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      prediction(in);
      return List.of(TensorType.f32());
    }

    @Override
    public Effects effects() {
      return Effects.reads("prediction", "target").writes("loss");
    }

    @Override
    public long flops(Inputs in) {
      return 3 * in.size(0);
    }
  }

  /**
   * {@code 2 (prediction − target) / size}. Inputs: prediction, target. Output: dprediction, which
   * may be prediction or target.
   */
  record MeanSquaredErrorBackward() implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(prediction(in));
    }

    @Override
    public Effects effects() {
      return Effects.reads("prediction", "target").writes("dprediction", "prediction", "target");
    }

    @Override
    public long flops(Inputs in) {
      return 2 * in.size(0);
    }
  }

  /**
   * The mean, or sum, of {@code −t · log sigmoid(x) − (1 − t) · log(1 − sigmoid(x))}, computed from
   * the logits x so that nothing overflows. Inputs: logits, targets t of the same shape, usually
   * from 0 to 1. Output: a scalar.
   */
  record BinaryCrossEntropy(Reduction reduction) implements Forward {
    /** Checks the argument. */
    public BinaryCrossEntropy {
      Objects.requireNonNull(reduction, "reduction");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      elements(in, "logits", "targets");
      return List.of(TensorType.f32());
    }

    @Override
    public Effects effects() {
      return Effects.reads("logits", "targets").writes("loss");
    }

    @Override
    public long flops(Inputs in) {
      return 8 * in.size(0);
    }
  }

  /**
   * {@code sigmoid(logits) − targets}, divided by the size for the mean. Inputs: logits, targets.
   * Output: dlogits, which may be logits.
   */
  record BinaryCrossEntropyBackward(Reduction reduction) implements Backward {
    /** Checks the argument. */
    public BinaryCrossEntropyBackward {
      Objects.requireNonNull(reduction, "reduction");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(elements(in, "logits", "targets"));
    }

    @Override
    public Effects effects() {
      return Effects.reads("logits", "targets").writes("dlogits", "logits");
    }

    @Override
    public long flops(Inputs in) {
      return 6 * in.size(0);
    }
  }

  /**
   * Huber loss (Huber, "Robust Estimation of a Location Parameter", 1964): the mean, or sum, of
   * {@code e² / 2} for errors {@code e = prediction − target} up to delta, and {@code delta · (|e|
   * − delta / 2)} for larger ones. Inputs: prediction, target. Output: a scalar.
   */
  record Huber(float delta, Reduction reduction) implements Forward {
    /**
     * @throws IllegalArgumentException if delta is not above 0 and finite
     */
    public Huber {
      Ranges.aboveZero("delta", delta);
      Objects.requireNonNull(reduction, "reduction");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      prediction(in);
      return List.of(TensorType.f32());
    }

    @Override
    public Effects effects() {
      return Effects.reads("prediction", "target").writes("loss");
    }

    @Override
    public long flops(Inputs in) {
      return 7 * in.size(0);
    }
  }

  /**
   * {@code prediction − target}, limited to −delta..delta, and divided by the size for the mean.
   * Inputs: prediction, target. Output: dprediction, which may be prediction or target.
   */
  record HuberBackward(float delta, Reduction reduction) implements Backward {
    /**
     * @throws IllegalArgumentException if delta is not above 0 and finite
     */
    public HuberBackward {
      Ranges.aboveZero("delta", delta);
      Objects.requireNonNull(reduction, "reduction");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(prediction(in));
    }

    @Override
    public Effects effects() {
      return Effects.reads("prediction", "target").writes("dprediction", "prediction", "target");
    }

    @Override
    public long flops(Inputs in) {
      return 4 * in.size(0);
    }
  }

  private static void check(Reduction reduction, OptionalInt ignored, float smoothing) {
    Objects.requireNonNull(reduction, "reduction");
    Objects.requireNonNull(ignored, "ignored");
    Ranges.belowOne("smoothing", smoothing);
  }

  private static boolean isPlain(Reduction reduction, OptionalInt ignored, float smoothing) {
    return reduction == Reduction.MEAN && ignored.isEmpty() && smoothing == 0;
  }

  private static long rowsWithLabels(Inputs in) {
    Shape logits = in.matrix(0, "logits");
    in.nonEmpty(0, "logits").type(1, "labels", TensorType.i32(logits.dimension(0)));
    return logits.dimension(0);
  }

  private static TensorType prediction(Inputs in) {
    return elements(in, "prediction", "target");
  }

  private static TensorType elements(Inputs in, String name, String targetName) {
    in.count(2).equal(0, name, 1, targetName).nonEmpty(0, name);
    return in.f32(0, name);
  }
}
