package org.lanewise.nn;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;

/**
 * Sums, means and softmax. Axes count from 0, or if negative from the end; what is reduced are all,
 * the first or the last ones.
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
}
