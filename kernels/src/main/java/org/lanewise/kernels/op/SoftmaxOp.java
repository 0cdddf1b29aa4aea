package org.lanewise.kernels.op;

import java.util.List;

/**
 * Softmax, its logarithm, and their gradients. An axis counts from 0, or if negative back from the
 * end, −1 being the last.
 */
public sealed interface SoftmaxOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends SoftmaxOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends SoftmaxOp, Op.Backward {}

  /**
   * {@code y = exp(x) / Σ exp(x)}, summed along an axis. Input: x of any rank from 1. Output: y as
   * x, which may be x.
   */
  record Softmax(int axis) implements Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = in.count(1).f32(0, "x");
      in.axis(0, "x", axis);
      return List.of(x);
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y", "x");
    }

    @Override
    public long flops(Inputs in) {
      return 5 * in.size(0);
    }
  }

  /**
   * Softmax of attention scores of queries that see no later keys: along the last axis, of which
   * row t of a matrix has elements {@code s ≤ t + S − T} only. The others become 0; so do all of a
   * row of which nothing is left, which exists if there are more queries than keys.
   *
   * <p>Input: x [..., T, S]. Output: y [..., T, S], which may be x. The gradient is that of {@link
   * Softmax} along the last axis.
   */
  record CausalSoftmax() implements Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(in.count(1).f32(0, "x", 2));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y", "x");
    }

    @Override
    public long flops(Inputs in) {
      return 5 * in.size(0);
    }
  }

  /**
   * {@code dx = y · (dy − Σ dy · y)}, summed along an axis, from y = softmax(x). Inputs: y of any
   * rank from 1, dy as y. Output: dx as y, which may be dy.
   *
   * <p>Where y is 0, as it is of what {@link CausalSoftmax} excludes, dy counts as 0, also if it is
   * NaN or infinite, and the gradient is 0, also if the sum is NaN or infinite: +0 is stored, or
   * added to what is there.
   */
  record SoftmaxBackward(int axis) implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      in.count(2).equal(0, "y", 1, "dy");
      TensorType y = in.f32(0, "y");
      in.axis(0, "y", axis);
      return List.of(y);
    }

    @Override
    public Effects effects() {
      return Effects.reads("y", "dy").adds("dx", "dy");
    }

    @Override
    public long flops(Inputs in) {
      return 4 * in.size(0);
    }
  }

  /**
   * {@code y = x − log(Σ exp(x))}, summed along an axis, inside of which x has no other than of
   * length 1. Input: x of any rank from 1. Output: y as x, which may be x.
   */
  record LogSoftmax(int axis) implements Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = in.count(1).f32(0, "x");
      innermost(in, "x", axis);
      return List.of(x);
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y", "x");
    }

    @Override
    public long flops(Inputs in) {
      return 5 * in.size(0);
    }
  }

  /**
   * {@code dx = dy − exp(y) · Σ dy}, summed along an axis as in {@link LogSoftmax}, from its y.
   * Inputs: y of any rank from 1, dy as y. Output: dx as y, which may be dy.
   */
  record LogSoftmaxBackward(int axis) implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      in.count(2).equal(0, "y", 1, "dy");
      TensorType y = in.f32(0, "y");
      innermost(in, "y", axis);
      return List.of(y);
    }

    @Override
    public Effects effects() {
      return Effects.reads("y", "dy").adds("dx", "dy");
    }

    @Override
    public long flops(Inputs in) {
      return 4 * in.size(0);
    }
  }

  private static void innermost(Inputs in, String name, int axis) {
    int index = in.axis(0, name, axis);
    if (in.shape(0).size(index + 1, in.shape(0).rank()) != 1) {
      throw new ShapeException(
          "%s: axis %d of %s must be the innermost but it is %s"
              .formatted(in.opName(), axis, name, in.types().getFirst()));
    }
  }
}
