package org.lanewise.kernels.op;

import java.util.List;

/**
 * What keeps gradients small before an optimizer step. Inputs: gradient g, and scale f32[], which
 * it is multiplied with before anything else.
 */
public sealed interface ClipOp extends Op {
  /**
   * Clipping by value: {@code y = min(max(scale·g, −limit), limit)} of each element. NaN stays NaN.
   *
   * <p>Inputs: g, scale. Output: y of the shape of g, which may be g.
   *
   * @param limit above 0
   */
  record ClipValue(double limit) implements ClipOp {
    /**
     * Checks the range, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if the limit is out of its range
     */
    public ClipValue {
      Ranges.aboveZero("limit", limit);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(gradient(in));
    }

    @Override
    public Effects effects() {
      return Effects.reads("g", "scale").writes("y", "g");
    }

    @Override
    public long flops(Inputs in) {
      return 3 * in.size(0);
    }
  }

  /**
   * The gradient scale with which the Euclidean norm of {@code scale·g} is at most a given one:
   * {@code scale · min(1, maxNorm / (‖scale·g‖ + 10⁻⁶))} (Pascanu et al., ICML 2013, in PyTorch's
   * form). Squares are summed in f32 over blocks, and these in f64, so that a norm of more than
   * 10¹⁹ may count as infinite: the result is then 0. It is NaN if an element is.
   *
   * <p>Inputs: g, scale. Output: f32[].
   *
   * @param maxNorm above 0
   */
  record ClipNorm(double maxNorm) implements ClipOp {
    /**
     * Checks the range, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if the norm is out of its range
     */
    public ClipNorm {
      Ranges.aboveZero("maxNorm", maxNorm);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      gradient(in);
      return List.of(TensorType.f32());
    }

    @Override
    public Effects effects() {
      return Effects.reads("g", "scale").writes("y");
    }

    @Override
    public long flops(Inputs in) {
      return 2 * in.size(0);
    }
  }

  private static TensorType gradient(Inputs in) {
    in.count(2).type(1, "scale", TensorType.f32());
    return in.f32(0, "g");
  }
}
