package org.lanewise.kernels.op;

import java.util.List;

/** Functions of each element, and their gradients. */
public sealed interface ActivationOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends ActivationOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends ActivationOp, Op.Backward {}

  /** {@code y = f(x)} for each element. Input: x. Output: y, which may be x. */
  record Activate(Activation function) implements Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(in.count(1).f32(0, "x"));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y", "x");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0) * flopsPerElement(function);
    }

    @Override
    public String label() {
      return name() + " " + function;
    }
  }

  /**
   * {@code dx = f′(x) · dy}. Inputs: x or y = f(x), whichever {@link Activation#gradient} says,
   * called y here, and dy. Output: dx, which may be y or dy.
   */
  record ActivateBackward(Activation function) implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      in.count(2).equal(0, "y", 1, "dy");
      return List.of(in.f32(0, "y"));
    }

    @Override
    public Effects effects() {
      return Effects.reads("y", "dy").adds("dx", "y", "dy");
    }

    @Override
    public long flops(Inputs in) {
      return 3 * in.size(0);
    }

    @Override
    public String label() {
      return name() + " " + function;
    }
  }

  private static long flopsPerElement(Activation function) {
    return switch (function) {
      case RELU, EXP, LOG, SQRT, RECIPROCAL, SQUARE, ABS -> 1;
      case LEAKY_RELU, ELU, RSQRT -> 2;
      case HARDSWISH -> 3;
      case SIGMOID, TANH, SOFTPLUS, SILU, GELU, GELU_TANH -> 4;
    };
  }
}
