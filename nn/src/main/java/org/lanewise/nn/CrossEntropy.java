package org.lanewise.nn;

import static org.lanewise.nn.Constant.constant;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Shape;

/**
 * The options of softmax cross-entropy, with PyTorch's meaning: {@code
 * CrossEntropy.of().ignoreIndex(-100).smoothing(0.1f).weights(1, 5)}.
 *
 * <p>The loss of a row of logits x is {@code −Σ w · target · log softmax(x)} over its classes,
 * where the target is {@code (1 − smoothing) · onehot(label) + smoothing / classes} (Szegedy et
 * al., arXiv 1512.00567) and w are the weights of the classes, 1 unless given. The mean is the sum
 * of those of the rows that count, divided by the sum of the weights of their labels.
 *
 * @param ignoreIndex the label of rows that do not count, whose loss is 0; the mean of none is NaN
 * @param smoothing part of the target that all classes share, from 0 to less than 1
 * @param weights [classes], without a gradient
 * @param reduction what becomes of the losses of the rows
 */
public record CrossEntropy(
    OptionalInt ignoreIndex, float smoothing, Optional<Operand> weights, LossReduction reduction) {
  /** Integers up to here are f32 numbers. */
  private static final long MAX_CLASSES = 1 << 24;

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if smoothing is not from 0 to less than 1
   */
  public CrossEntropy {
    Objects.requireNonNull(ignoreIndex, "ignoreIndex");
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException("smoothing must be in [0, 1) but is " + smoothing);
    }
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(reduction, "reduction");
  }

  /** The mean of all rows, without smoothing and weights. */
  public static CrossEntropy of() {
    return new CrossEntropy(OptionalInt.empty(), 0f, Optional.empty(), LossReduction.MEAN);
  }

  /** These options without the rows of a label, such as −100. */
  public CrossEntropy ignoreIndex(int label) {
    return new CrossEntropy(OptionalInt.of(label), smoothing, weights, reduction);
  }

  /** These options with label smoothing. */
  public CrossEntropy smoothing(float part) {
    return new CrossEntropy(ignoreIndex, part, weights, reduction);
  }

  /** These options with a weight for each class, [classes]. */
  public CrossEntropy weights(Operand ofClasses) {
    return new CrossEntropy(ignoreIndex, smoothing, Optional.of(ofClasses), reduction);
  }

  /** These options with a weight for each class. */
  public CrossEntropy weights(float... ofClasses) {
    return weights(constant(HostTensor.of(ofClasses, ofClasses.length)));
  }

  /** These options with another reduction than the mean. */
  public CrossEntropy reduction(LossReduction of) {
    return new CrossEntropy(ignoreIndex, smoothing, weights, of);
  }

  /** The loss of logits […, classes] and labels i32 […]. */
  Tensor of(Tensor logits, Tensor labels) {
    Shape shape = logits.shape();
    if (shape.rank() == 0 || !shape.withoutLast().equals(labels.shape())) {
      throw logits.mismatch(
          "labels of logits %s must be i32 of their shape without the last axis but are %s"
              .formatted(logits, labels));
    }
    long classes = shape.dimension(shape.rank() - 1);
    Tensor rows = logits.reshape(labels.shape().size(), classes);
    Tensor flat = labels.reshape(labels.shape().size());
    if (weights.isPresent()) {
      return weighted(rows, flat, logits.read(weights.get()), labels.shape());
    }
    return reduction.of(
        labels.shape(),
        () -> ofRows(rows, flat, smoothing).reshape(labels.shape()),
        of -> rows.apply(new LossOp.SoftmaxCrossEntropy(of, ignoreIndex, smoothing), flat));
  }

  private Tensor ofRows(Tensor rows, Tensor labels, float smoothing) {
    return rows.apply(new LossOp.SoftmaxCrossEntropyOfRows(ignoreIndex, smoothing), labels);
  }

  // ---- With weights ---------------------------------------------------------------------------

  private Tensor weighted(Tensor rows, Tensor labels, Tensor w, Shape shape) {
    long classes = rows.shape().dimension(1);
    if (!w.shape().equals(Shape.of(classes))) {
      throw rows.mismatch(
          "weights of the classes of logits %s must be f32[%d] but are %s"
              .formatted(rows, classes, w));
    }
    Tensor ofLabels = ofLabels(labels, w);
    Tensor losses = ofRows(rows, labels, 0f).mul(ofLabels);
    if (smoothing > 0) {
      Tensor ofAll = rows.logSoftmax(-1).mul(w).sum(-1).mul(-smoothing / classes);
      losses = losses.mul(1 - smoothing).add(counting(labels, ofAll));
    }
    return reduction == LossReduction.MEAN
        ? losses.sum().div(ofLabels.sum())
        : reduction.of(losses.reshape(shape));
  }

  /** The weight of each row's label, 0 if it is ignored. */
  private Tensor ofLabels(Tensor labels, Tensor w) {
    long classes = w.shape().size();
    if (ignoreIndex.isEmpty()) {
      return labels.embedding(w.reshape(classes, 1)).reshape(labels.shape());
    }
    if (classes > MAX_CLASSES) {
      throw labels.mismatch(
          "with weights and an ignored label there may be %d classes but there are %d"
              .formatted(MAX_CLASSES, classes));
    }
    float[] ones = new float[(int) classes];
    float[] numbers = new float[(int) classes];
    for (int i = 0; i < classes; i++) {
      ones[i] = 1;
      numbers[i] = i;
    }
    Tensor isOfClass =
        labels
            .toF32()
            .reshape(labels.shape().size(), 1)
            .linear(constant(HostTensor.of(ones, classes, 1)))
            .equalTo(constant(HostTensor.of(numbers, classes)));
    return counting(labels, Tensor.where(isOfClass, w, constant(0f)).sum(-1));
  }

  /** What belongs to each row, and 0 to those that are ignored. */
  private Tensor counting(Tensor labels, Tensor ofRows) {
    if (ignoreIndex.isEmpty()) {
      return ofRows;
    }
    Tensor counts = labels.toF32().notEqualTo(constant((float) ignoreIndex.getAsInt()));
    return Tensor.where(counts, ofRows, constant(0f));
  }
}
