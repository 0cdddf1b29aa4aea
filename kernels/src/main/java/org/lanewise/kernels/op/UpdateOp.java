package org.lanewise.kernels.op;

import java.util.Collections;
import java.util.List;

/**
 * Optimizer steps, in place. Inputs: gradient, the gradient scale f32[], which it is multiplied
 * with before anything else, and {@link StepScalars}. Outputs: parameters θ, and the optimizer's
 * state.
 */
public sealed interface UpdateOp extends Op {
  /**
   * Stochastic gradient descent: {@code g ← g + λθ}, {@code u ← μu + c₁g}, {@code θ ← θ − lr·u}, or
   * with Nesterov momentum {@code θ ← θ − lr·(g + μu)} (Sutskever et al., ICML 2013, in PyTorch's
   * form). {@link StepScalars} c₁ is the {@link #gain}.
   *
   * <p>Outputs, in place: θ, and u if momentum is not 0.
   *
   * @param momentum μ, in [0, 1), and above 0 for Nesterov's
   * @param dampening τ, in [0, 1], and 0 without momentum or with Nesterov's
   * @param weightDecay λ, at least 0
   */
  record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay)
      implements UpdateOp {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Sgd {
      Ranges.belowOne("momentum", momentum);
      Ranges.zeroToOne("dampening", dampening);
      Ranges.atLeastZero("weightDecay", weightDecay);
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("Nesterov momentum must be more than 0 but is 0.0");
      }
      if (dampening != 0 && (nesterov || momentum == 0)) {
        throw new IllegalArgumentException(
            "dampening must be 0 %s but is %s"
                .formatted(nesterov ? "with Nesterov momentum" : "without momentum", dampening));
      }
    }

    /** Without dampening. */
    public Sgd(double momentum, boolean nesterov, double weightDecay) {
      this(momentum, 0, nesterov, weightDecay);
    }

    /** What the gradient is multiplied with where u takes it up: 1 in the first step, then 1−τ. */
    public static double gain(double dampening, long step) {
      return step == 1 ? 1 : 1 - dampening;
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return tensors(in, momentum == 0 ? 1 : 2);
    }

    @Override
    public Effects effects() {
      return momentum == 0 ? updates("θ") : updates("θ", "u");
    }

    @Override
    public long flops(Inputs in) {
      return 6 * in.size(0);
    }
  }

  /**
   * RMSprop (Hinton, Coursera lecture 6e): {@code g ← g + λθ}, {@code v ← ρv + (1−ρ)g²}, {@code s =
   * g/(√v + ε)}, {@code θ ← θ − lr·s}. Centered, it divides by the deviation from the mean gradient
   * (Graves, arXiv 1308.0850): {@code a ← ρa + (1−ρ)g}, {@code s = g/(√max(v − a², 0) + ε)}. With
   * momentum, {@code u ← μu + s}, {@code θ ← θ − lr·u}.
   *
   * <p>Outputs, in place: θ, v, a if centered, u if momentum is not 0.
   *
   * @param decay ρ, in [0, 1)
   * @param epsilon ε, at least 0
   * @param weightDecay λ, at least 0
   * @param momentum μ, in [0, 1)
   */
  record RmsProp(
      double decay, double epsilon, double weightDecay, double momentum, boolean centered)
      implements UpdateOp {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public RmsProp {
      Ranges.belowOne("decay", decay);
      Ranges.atLeastZero("epsilon", epsilon);
      Ranges.atLeastZero("weightDecay", weightDecay);
      Ranges.belowOne("momentum", momentum);
    }

    /** Without momentum, and not centered. */
    public RmsProp(double decay, double epsilon, double weightDecay) {
      this(decay, epsilon, weightDecay, 0, false);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return tensors(in, 2 + (centered ? 1 : 0) + (momentum == 0 ? 0 : 1));
    }

    @Override
    public Effects effects() {
      Effects plain = updates("θ", "v");
      Effects mean = centered ? plain.updates("a") : plain;
      return momentum == 0 ? mean : mean.updates("u");
    }

    @Override
    public long flops(Inputs in) {
      return (10 + (centered ? 6 : 0) + (momentum == 0 ? 0 : 2)) * in.size(0);
    }
  }

  /**
   * Adam (Kingma and Ba, ICLR 2015): {@code m ← β₁m + (1−β₁)g}, {@code v ← β₂v + (1−β₂)g²}, {@code
   * θ ← θ − lr·c₁·m/(√v·c₂ + ε)} with the corrections c₁, c₂ of {@link StepScalars}. Weight decay
   * is added to the gradient, {@code g ← g + λθ}, or if {@code decoupled} taken from the parameter,
   * {@code θ ← θ − lr·λθ} (AdamW: Loshchilov and Hutter, ICLR 2019). AMSGrad divides by the largest
   * v so far: {@code w ← max(w, v)} in place of v there (Reddi et al., ICLR 2018, in PyTorch's
   * form).
   *
   * <p>Outputs, in place: θ, m, v, w if {@code amsGrad}.
   *
   * @param beta1 β₁, in [0, 1)
   * @param beta2 β₂, in [0, 1)
   * @param epsilon ε, at least 0
   * @param weightDecay λ, at least 0
   */
  record Adam(
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      boolean decoupled,
      boolean amsGrad)
      implements UpdateOp {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Adam {
      Ranges.belowOne("beta1", beta1);
      Ranges.belowOne("beta2", beta2);
      Ranges.atLeastZero("epsilon", epsilon);
      Ranges.atLeastZero("weightDecay", weightDecay);
    }

    /** Not AMSGrad. */
    public Adam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled) {
      this(beta1, beta2, epsilon, weightDecay, decoupled, false);
    }

    /** {@code c₁ = 1/(1−β₁ᵗ)} in step t, from 1. */
    public static double moment1Correction(double beta1, long step) {
      return 1 / (1 - StrictMath.pow(beta1, step));
    }

    /** {@code c₂ = 1/√(1−β₂ᵗ)} in step t, from 1. */
    public static double moment2Correction(double beta2, long step) {
      return 1 / Math.sqrt(1 - StrictMath.pow(beta2, step));
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return tensors(in, amsGrad ? 4 : 3);
    }

    @Override
    public Effects effects() {
      Effects adam = updates("θ", "m", "v");
      return amsGrad ? adam.updates("w") : adam;
    }

    @Override
    public long flops(Inputs in) {
      return (amsGrad ? 15 : 14) * in.size(0);
    }
  }

  /**
   * Adagrad (Duchi, Hazan and Singer, JMLR 12, 2011): {@code g ← g + λθ}, {@code s ← s + g²},
   * {@code θ ← θ − lr·g/(√s + ε)}. A decay of the learning rate is the caller's.
   *
   * <p>Outputs, in place: θ, s.
   *
   * @param epsilon ε, at least 0
   * @param weightDecay λ, at least 0
   */
  record Adagrad(double epsilon, double weightDecay) implements UpdateOp {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Adagrad {
      Ranges.atLeastZero("epsilon", epsilon);
      Ranges.atLeastZero("weightDecay", weightDecay);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return tensors(in, 2);
    }

    @Override
    public Effects effects() {
      return updates("θ", "s");
    }

    @Override
    public long flops(Inputs in) {
      return 8 * in.size(0);
    }
  }

  private static List<TensorType> tensors(Inputs in, int count) {
    in.count(3).type(1, "gradient scale", TensorType.f32());
    in.type(2, "step scalars", StepScalars.TYPE);
    return Collections.nCopies(count, in.f32(0, "gradient"));
  }

  private static Effects updates(String... tensors) {
    return Effects.reads("gradient", "gradient scale", "step scalars").updates(tensors);
  }
}
