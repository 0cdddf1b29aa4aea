package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;

/**
 * Functions of each element of two tensors, and multiples. The second tensor y may be smaller than
 * the first one: then it is repeated as {@link Broadcasting} says.
 */
public sealed interface ElementwiseOp extends Op {
  /** {@code z = f(x, y)}. Inputs: x, y. Output: z of the shape of x, which may be x or y. */
  record Binary(BinaryFunction function) implements ElementwiseOp, Op.Forward {
    /** A function. */
    public Binary {
      Objects.requireNonNull(function, "function");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      in.count(2).fills(1, "y", 0, "x");
      return List.of(in.f32(0, "x"));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "y").writes("z", "x", "y");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0);
    }
  }

  /**
   * {@code dx = dz · ∂f/∂x}. Where x and y are equal, each gets half of the gradient of their
   * maximum or minimum. Inputs: x, y, dz of the shape of x. Output: dx, which may be dz.
   */
  record BinaryBackwardX(BinaryFunction function) implements ElementwiseOp, Op.Backward {
    /** The gradient of a function. */
    public BinaryBackwardX {
      Objects.requireNonNull(function, "function");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(gradient(in));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "y", "dz").adds("dx", "dz");
    }

    @Override
    public long flops(Inputs in) {
      return 2 * in.size(0);
    }
  }

  /**
   * {@code dy = dz · ∂f/∂y} for each element of x: the gradient of a y that was repeated is its
   * sum, see {@link ReductionOp.Sum}. Inputs: x, y, dz of the shape of x. Output: dy of the shape
   * of x, which may be dz.
   */
  record BinaryBackwardY(BinaryFunction function) implements ElementwiseOp, Op.Backward {
    /** The gradient of a function. */
    public BinaryBackwardY {
      Objects.requireNonNull(function, "function");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(gradient(in));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "y", "dz").adds("dy", "dz");
    }

    @Override
    public long flops(Inputs in) {
      return 3 * in.size(0);
    }
  }

  /**
   * {@code y = α·x}, which rounds once where it is added to y. Input: x. Output: y, which may be x.
   * Its gradient is the same of dy.
   */
  record Scale(float alpha) implements ElementwiseOp, Op.Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(in.count(1).f32(0, "x"));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").adds("y", "x");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0);
    }
  }

  private static TensorType gradient(Inputs in) {
    in.count(3).fills(1, "y", 0, "x");
    in.equal(0, "x", 2, "dz");
    return in.f32(0, "x");
  }
}
