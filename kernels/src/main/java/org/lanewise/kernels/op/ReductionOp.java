package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;

/**
 * Sums, means and what propagates their gradients. The shape of a result says which axes are
 * reduced: those in which a tensor of that shape would be repeated to fill the operand, see {@link
 * Broadcasting}. So a result of shape [] is over all elements, [m, 1] over each row and [n] over
 * each column of a matrix [m, n].
 */
public sealed interface ReductionOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends ReductionOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends ReductionOp, Op.Backward {}

  /** Sum over the rows. Input: x [m, n]. Output: [n]. The gradient of a bias. */
  record ColumnSums() implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(TensorType.f32(in.count(1).matrix(0, "x").dimension(1)));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").adds("y");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0);
    }
  }

  /**
   * Sum over some axes: all, the first ones or the last ones. Also the gradient of what was
   * repeated. Input: x. Output: a tensor of the given shape.
   */
  record Sum(Shape shape) implements Forward {
    /** A sum to a shape. */
    public Sum {
      Objects.requireNonNull(shape, "shape");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(in.count(1).reduced(0, "x", shape));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").adds("y");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0);
    }
  }

  /**
   * Mean over some axes: all, the first ones or the last ones. Input: x, not empty. Output: a
   * tensor of the given shape.
   */
  record Mean(Shape shape) implements Forward {
    /** A mean to a shape. */
    public Mean {
      Objects.requireNonNull(shape, "shape");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(in.count(1).nonEmpty(0, "x").reduced(0, "x", shape));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0) + shape.size();
    }
  }

  /**
   * {@code x = α·y} with y repeated to fill x. The gradient of a sum, or with α one over the number
   * of elements, of a mean. Input: y. Output: x of the given shape.
   */
  record Expand(Shape shape, float alpha) implements Backward {
    /** A repetition to fill a shape. */
    public Expand {
      Objects.requireNonNull(shape, "shape");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType y = in.count(1).f32(0, "y");
      if (Broadcasting.of(shape, y.shape()).isEmpty()) {
        throw new ShapeException("Expand: y is %s and does not fill %s".formatted(y, shape));
      }
      return List.of(TensorType.f32(shape));
    }

    @Override
    public Effects effects() {
      return Effects.reads("y").adds("x");
    }

    @Override
    public long flops(Inputs in) {
      return shape.size();
    }
  }
}
