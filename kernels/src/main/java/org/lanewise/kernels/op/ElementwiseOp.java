package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;

/**
 * Functions of each element of two tensors, and multiples. The second tensor y may be smaller than
 * the first one: then it is repeated as {@link Broadcasting} says.
 */
public sealed interface ElementwiseOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends ElementwiseOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends ElementwiseOp, Op.Backward {}

  /** {@code z = f(x, y)}. Inputs: x, y. Output: z of the shape of x, which may be x or y. */
  record Binary(BinaryFunction function) implements Forward {
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
  record BinaryBackwardX(BinaryFunction function) implements Backward {
    /**
     * The gradient of a function.
     *
     * @throws IllegalArgumentException if it is a comparison
     */
    public BinaryBackwardX {
      requireGradient(function);
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
  record BinaryBackwardY(BinaryFunction function) implements Backward {
    /**
     * The gradient of a function.
     *
     * @throws IllegalArgumentException if it is a comparison
     */
    public BinaryBackwardY {
      requireGradient(function);
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
   * {@code z = x} where the condition is not 0, also where it is NaN, and y elsewhere. What is not
   * chosen does not matter, be it NaN. The gradient of x is the same of the condition, dz and 0,
   * and that of y of the condition, 0 and dz.
   *
   * <p>Inputs: condition, x, y. One of them is as large as z, and the others may be smaller: they
   * are repeated. Output: z, which may be x or y.
   */
  record Where() implements Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      in.count(3);
      in.f32(0, "condition");
      in.f32(1, "x");
      in.f32(2, "y");
      return List.of(
          in.types().stream()
              .filter(z -> in.types().stream().allMatch(type -> fills(type, z)))
              .findFirst()
              .orElseThrow(() ->
                  new ShapeException(
                      "Where: the condition is %s, x is %s and y is %s, none of which the others fill, repeated along all, the first or the last axes"
                          .formatted(in.types().toArray()))));
    }

    private static boolean fills(TensorType small, TensorType large) {
      return Broadcasting.of(large.shape(), small.shape()).isPresent();
    }

    @Override
    public Effects effects() {
      return Effects.reads("condition", "x", "y").writes("z", "x", "y");
    }

    @Override
    public long flops(Inputs in) {
      return outputs(in).getFirst().shape().size();
    }
  }

  /**
   * {@code y = α·x}, which rounds once where it is added to y. Input: x. Output: y, which may be x.
   * Its gradient is the same of dy.
   */
  record Scale(float alpha) implements Forward {
    /** A copy. */
    public static final Scale COPY = new Scale(1f);

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

  private static void requireGradient(BinaryFunction function) {
    if (function.isComparison()) {
      throw new IllegalArgumentException(function + " has no gradient");
    }
  }

  private static TensorType gradient(Inputs in) {
    in.count(3).fills(1, "y", 0, "x");
    in.equal(0, "x", 2, "dz");
    return in.f32(0, "x");
  }
}
