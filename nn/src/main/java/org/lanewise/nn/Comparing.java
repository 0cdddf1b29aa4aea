package org.lanewise.nn;

import static org.lanewise.nn.Constant.constant;

import java.util.function.Function;
import java.util.function.Supplier;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Reduction;

/**
 * Losses: how far a tensor x is from what it should be, with PyTorch's meaning. Where no {@link
 * LossReduction} is given they are means, and scalars. The mean of no elements is refused.
 *
 * <p>Cross-entropy, binary cross-entropy, squared errors and Huber's loss that are reduced are ops
 * of their own, whose targets have no gradient; the others are made of elementary operations.
 */
public sealed interface Comparing permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  // ---- Classes --------------------------------------------------------------------------------

  /**
   * The mean of {@code −log softmax(x)[label]} of logits x […, classes].
   *
   * @param labels i32 […], each in 0..classes−1
   */
  default Tensor crossEntropy(Tensor labels) {
    return crossEntropy(labels, CrossEntropy.of());
  }

  /**
   * Cross-entropy of logits x […, classes] with options.
   *
   * @param labels i32 […], each in 0..classes−1 or the ignored one
   */
  default Tensor crossEntropy(Tensor labels, CrossEntropy options) {
    return options.of(self(), labels);
  }

  /**
   * The mean of {@code −t · log sigmoid(x) − (1 − t) · log(1 − sigmoid(x))} of logits x.
   *
   * @param targets t of the shape of x, usually from 0 to 1
   */
  default Tensor binaryCrossEntropy(Tensor targets) {
    return binaryCrossEntropy(targets, LossReduction.MEAN);
  }

  /**
   * Binary cross-entropy of logits x.
   *
   * @param targets t of the shape of x, usually from 0 to 1
   */
  default Tensor binaryCrossEntropy(Tensor targets, LossReduction reduction) {
    return reduced(
        targets,
        reduction,
        LossOp.BinaryCrossEntropy::new,
        () -> binaryCrossEntropies(targets, targets));
  }

  /**
   * Binary cross-entropy of logits x whose positive part counts as often as a weight says: {@code
   * −p · t · log sigmoid(x) − (1 − t) · log(1 − sigmoid(x))}. Of an infinite logit it is infinite
   * or NaN.
   *
   * @param targets t of the shape of x, usually from 0 to 1
   * @param positiveWeight p, which fills t: a number, or one for each class, [classes]
   */
  default Tensor binaryCrossEntropy(
      Tensor targets, Operand positiveWeight, LossReduction reduction) {
    requireSameShape("targets", targets);
    return reduction.of(binaryCrossEntropies(targets, targets.mul(positiveWeight)));
  }

  /** Neither term is the difference of larger ones, so that small losses are precise. */
  private Tensor binaryCrossEntropies(Tensor targets, Tensor positive) {
    Tensor negative = targets.neg().add(constant(1f));
    return self().neg().softplus().mul(positive).add(self().softplus().mul(negative));
  }

  // ---- Numbers --------------------------------------------------------------------------------

  /** The mean of {@code (x − target)²}. */
  default Tensor meanSquaredError(Tensor target) {
    return squaredError(target, LossReduction.MEAN);
  }

  /** {@code (x − target)²} of elements, or their sum or mean. */
  default Tensor squaredError(Tensor target, LossReduction reduction) {
    if (reduction == LossReduction.MEAN) {
      return self().apply(new LossOp.MeanSquaredError(), target);
    }
    requireSameShape("target", target);
    return reduction.of(self().sub(target).square());
  }

  /** The mean of {@code |x − target|}, whose derivative is 0 where both are equal. */
  default Tensor meanAbsoluteError(Tensor target) {
    return absoluteError(target, LossReduction.MEAN);
  }

  /** {@code |x − target|} of elements, or their sum or mean. */
  default Tensor absoluteError(Tensor target, LossReduction reduction) {
    requireSameShape("target", target);
    return reduction.of(self().sub(target).abs());
  }

  /**
   * The mean of {@code e²/2} for errors {@code e = x − target} up to delta, and {@code delta · (|e|
   * − delta/2)} for larger ones (Huber, "Robust Estimation of a Location Parameter", 1964).
   *
   * @param delta above 0
   */
  default Tensor huber(Tensor target, float delta) {
    return huber(target, delta, LossReduction.MEAN);
  }

  /**
   * Huber's loss of elements, or their sum or mean.
   *
   * @param delta above 0
   */
  default Tensor huber(Tensor target, float delta, LossReduction reduction) {
    return reduced(
        target,
        reduction,
        of -> new LossOp.Huber(delta, of),
        () -> {
          Tensor error = self().sub(target).abs();
          Tensor limited = error.minimum(constant(delta));
          return limited.mul(error.sub(limited.mul(0.5f)));
        });
  }

  // ---- Distributions --------------------------------------------------------------------------

  /**
   * Kullback-Leibler divergence of log-probabilities x from a distribution, divided by the batch:
   * {@code Σ target · (log target − x)}.
   *
   * @param target probabilities, of the shape of x
   */
  default Tensor klDivergence(Tensor target) {
    return klDivergence(target, LossReduction.BATCH_MEAN);
  }

  /**
   * {@code target · (log target − x)} of elements, of which one is 0 where the target is, or their
   * sum or mean. That of the elements is {@link LossReduction#MEAN}, and the divergence is {@link
   * LossReduction#BATCH_MEAN}.
   *
   * @param target probabilities, of the shape of x
   */
  default Tensor klDivergence(Tensor target, LossReduction reduction) {
    requireSameShape("target", target);
    Tensor isZero = target.equalTo(constant(0f));
    Tensor log = Tensor.where(isZero, constant(1f), target).log();
    return reduction.of(Tensor.where(isZero, constant(0f), log.sub(self()).mul(target)));
  }

  /** As {@link #klDivergence(Tensor, LossReduction)} of a target that is given by logarithms. */
  default Tensor klDivergenceOfLogs(Tensor logTarget, LossReduction reduction) {
    requireSameShape("logTarget", logTarget);
    return reduction.of(logTarget.exp().mul(logTarget.sub(self())));
  }

  // ---- Vectors --------------------------------------------------------------------------------

  /**
   * The cosine of the angle between vectors along the last axis: {@code x·y / (max(‖x‖, 1e-8) ·
   * max(‖y‖, 1e-8))}.
   *
   * @param y of the shape of x
   * @return the shape without the last axis
   */
  default Tensor cosineSimilarity(Tensor y) {
    requireSameShape("y", y);
    return self().mul(y).sum(-1).div(norm(self()).mul(norm(y)));
  }

  /** Norms of the vectors along the last axis, of at least 1e-8. */
  private static Tensor norm(Tensor x) {
    float least = 1e-8f;
    return x.square().sum(-1).maximum(constant(least * least)).sqrt();
  }

  /**
   * The loss of pairs of vectors that are to point in the same direction or not: {@code 1 − cos}
   * where the target is 1, {@code max(0, cos − margin)} where it is −1, and 0 where it is neither.
   *
   * @param y of the shape of x, whose last axis is that of the vectors
   * @param target f32 of the shape of x without the last axis
   * @param margin usually from 0 to ½
   */
  default Tensor cosineEmbedding(Tensor y, Tensor target, float margin, LossReduction reduction) {
    Tensor cosine = cosineSimilarity(y);
    if (!cosine.value().type().equals(target.value().type())) {
      throw self()
          .mismatch(
              "the target of pairs of %s must be %s but is %s"
                  .formatted(this, cosine.value().type(), target));
    }
    Tensor unlike = cosine.sub(constant(margin)).relu();
    Tensor ofOthers = Tensor.where(target.equalTo(constant(-1f)), unlike, constant(0f));
    return reduction.of(
        Tensor.where(target.equalTo(constant(1f)), cosine.neg().add(constant(1f)), ofOthers));
  }

  /**
   * The Euclidean distance of vectors along the last axis, {@code ‖x − y + 1e-6‖}; the number keeps
   * the gradient finite where both are equal.
   *
   * @param y of the shape of x
   * @return the shape without the last axis
   */
  default Tensor pairwiseDistance(Tensor y) {
    requireSameShape("y", y);
    return self().sub(y).add(constant(1e-6f)).square().sum(-1).sqrt();
  }

  /**
   * The loss of vectors x, the anchors, that are to be nearer to some than to others: {@code max(0,
   * ‖x − positive‖ − ‖x − negative‖ + margin)}, with {@link #pairwiseDistance} (Balntas et al.,
   * BMVC 2016).
   *
   * @param positive of the shape of x, whose last axis is that of the vectors
   * @param negative of the shape of x
   * @param margin usually 1
   */
  default Tensor tripletMargin(
      Tensor positive, Tensor negative, float margin, LossReduction reduction) {
    return reduction.of(
        pairwiseDistance(positive).sub(pairwiseDistance(negative)).add(constant(margin)).relu());
  }

  // ---- What they share ------------------------------------------------------------------------

  /** A loss that is an op if it is reduced, and made of elementary operations else. */
  private Tensor reduced(
      Tensor target,
      LossReduction reduction,
      Function<Reduction, LossOp.Forward> op,
      Supplier<Tensor> elements) {
    requireSameShape("target", target);
    return reduction.of(self().shape(), elements, of -> self().apply(op.apply(of), target));
  }

  /** An operation would repeat what is smaller, and so hide a mistake. */
  private void requireSameShape(String name, Tensor other) {
    if (!other.value().type().equals(self().value().type())) {
      throw self().mismatch("%s of %s must be like it but is %s".formatted(name, this, other));
    }
  }
}
