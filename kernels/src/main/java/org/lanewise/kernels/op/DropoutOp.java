package org.lanewise.kernels.op;

import java.util.List;

/** Dropout (Srivastava et al., JMLR 15, 2014). */
public sealed interface DropoutOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends DropoutOp, Op.Forward {}

  /**
   * {@code y = x/(1−p)}, or with probability p exactly 0. No mask is kept: the elements that are
   * dropped follow from the {@link DropoutSeed} and the stream. So the gradient is the same op of
   * dy with the same seed and step.
   *
   * <p>Inputs: x, {@link DropoutSeed}. Output: y, which may be x.
   *
   * @param p probability of dropping an element, in [0, 1)
   * @param stream another number for each op of a model
   */
  record Dropout(float p, int stream) implements Forward {
    /**
     * Dropout of a stream.
     *
     * @throws IllegalArgumentException if p is out of range
     */
    public Dropout {
      if (!(p >= 0 && p < 1)) {
        throw new IllegalArgumentException("p must be in [0, 1) but is " + p);
      }
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      in.count(2).type(1, "seed", DropoutSeed.TYPE);
      return List.of(in.f32(0, "x"));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "seed").adds("y", "x");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0);
    }
  }
}
