package org.lanewise.nn;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;

/**
 * Sums, means and losses, which are scalars. Axes count from 0, or if negative from the end; what
 * is reduced are all, the first or the last ones.
 */
public sealed interface Reducing permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** The sum of all elements, a scalar. */
  default Tensor sum() {
    return self().trace().apply(new ReductionOp.Sum(Shape.of()), self());
  }

  /** The sum over some axes, which are left out of the shape of the result. */
  default Tensor sum(int... axes) {
    return reduce(axes, shape -> new ReductionOp.Sum(shape));
  }

  /** The mean of all elements, a scalar. */
  default Tensor mean() {
    return self().trace().apply(new ReductionOp.Mean(Shape.of()), self());
  }

  /** The mean over some axes, which are left out of the shape of the result. */
  default Tensor mean(int... axes) {
    return reduce(axes, ReductionOp.Mean::new);
  }

  private Tensor reduce(int[] axes, Function<Shape, Op> op) {
    Set<Integer> reduced =
        Arrays.stream(axes).map(self()::axis).boxed().collect(Collectors.toSet());
    Shape shape = self().shape();
    Shape kept = shape;
    for (int axis : reduced) {
      kept = kept.withDimension(axis, 1);
    }
    long[] left =
        IntStream.range(0, shape.rank())
            .filter(axis -> !reduced.contains(axis))
            .mapToLong(shape::dimension)
            .toArray();
    return self().trace().apply(op.apply(kept), self()).reshape(left);
  }

  /** Softmax along an axis: {@code exp(x) / Σ exp(x)}. */
  default Tensor softmax(int axis) {
    return self().trace().apply(new SoftmaxOp.Softmax(axis), self());
  }

  /**
   * Softmax along the last axis of scores [..., T, S] of T queries for S keys, of which none sees a
   * later key: the other elements are 0. With fewer queries than keys, they are the last ones.
   */
  default Tensor causalSoftmax() {
    return self().trace().apply(new SoftmaxOp.CausalSoftmax(), self());
  }

  /**
   * Logarithm of softmax along an axis: {@code x − log(Σ exp(x))}. No axis inside of it is longer
   * than 1.
   */
  default Tensor logSoftmax(int axis) {
    return self().trace().apply(new SoftmaxOp.LogSoftmax(axis), self());
  }

  /**
   * The mean of {@code −log softmax(x)[label]} of logits x […, classes].
   *
   * @param labels i32 […], each in 0..classes−1
   */
  default Tensor crossEntropy(Tensor labels) {
    return crossEntropy(labels, OptionalInt.empty(), 0f);
  }

  /**
   * The mean of {@code −Σ target · log softmax(x)} of logits x […, classes], where the target is
   * {@code (1 − smoothing) · onehot(label) + smoothing / classes} (Szegedy et al., arXiv
   * 1512.00567).
   *
   * @param labels i32 […], each in 0..classes−1 or the ignored one
   * @param ignoreIndex the label of rows that do not count; the mean of none is NaN
   * @param smoothing part of the target that all classes share, from 0 to less than 1
   */
  default Tensor crossEntropy(Tensor labels, OptionalInt ignoreIndex, float smoothing) {
    Shape shape = self().shape();
    if (shape.rank() == 0 || !shape.withoutLast().equals(labels.shape())) {
      throw self()
          .mismatch(
              "labels of logits %s must be i32 of their shape without the last axis but are %s"
                  .formatted(self(), labels));
    }
    long classes = shape.dimension(shape.rank() - 1);
    return self()
        .trace()
        .apply(
            new LossOp.SoftmaxCrossEntropy(Reduction.MEAN, ignoreIndex, smoothing),
            reshape(labels.shape().size(), classes),
            labels.reshape(labels.shape().size()));
  }

  private Tensor reshape(long... dimensions) {
    return self().reshape(dimensions);
  }

  /**
   * The mean of {@code −t · log sigmoid(x) − (1 − t) · log(1 − sigmoid(x))} of logits x.
   *
   * @param targets t of the shape of x, usually from 0 to 1
   */
  default Tensor binaryCrossEntropy(Tensor targets) {
    return self().trace().apply(new LossOp.BinaryCrossEntropy(Reduction.MEAN), self(), targets);
  }

  /** The mean of {@code (x − target)²}. */
  default Tensor meanSquaredError(Tensor target) {
    return self().trace().apply(new LossOp.MeanSquaredError(), self(), target);
  }

  /**
   * The mean of {@code e²/2} for errors {@code e = x − target} up to delta, and {@code delta · (|e|
   * − delta/2)} for larger ones (Huber, "Robust Estimation of a Location Parameter", 1964).
   *
   * @param delta above 0
   */
  default Tensor huber(Tensor target, float delta) {
    return self().trace().apply(new LossOp.Huber(delta, Reduction.MEAN), self(), target);
  }
}
