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
   * Stochastic gradient descent: {@code g ← g + λθ}, {@code u ← μu + g}, {@code θ ← θ − lr·u}, or
   * with Nesterov momentum {@code θ ← θ − lr·(g + μu)} (Sutskever et al., ICML 2013, in PyTorch's
   * form).
   *
   * <p>Outputs, in place: θ, and u if momentum is not 0.
   *
   * @param momentum μ, in [0, 1), and above 0 for Nesterov's
   * @param weightDecay λ, at least 0
   */
  record Sgd(double momentum, boolean nesterov, double weightDecay) implements UpdateOp {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Sgd {
      Ranges.belowOne("momentum", momentum);
      Ranges.atLeastZero("weightDecay", weightDecay);
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("Nesterov momentum must be more than 0 but is 0.0");
      }
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
   * RMSprop (Hinton, Coursera lecture 6e): {@code g ← g + λθ}, {@code v ← ρv + (1−ρ)g²}, {@code θ ←
   * θ − lr·g/(√v + ε)}.
   *
   * <p>Outputs, in place: θ, v.
   *
   * @param decay ρ, in [0, 1)
   * @param epsilon ε, at least 0
   * @param weightDecay λ, at least 0
   */
  record RmsProp(double decay, double epsilon, double weightDecay) implements UpdateOp {
    /**
     * Checks the ranges, see {@link Ranges}.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public RmsProp {
      Ranges.belowOne("decay", decay);
      Ranges.atLeastZero("epsilon", epsilon);
      Ranges.atLeastZero("weightDecay", weightDecay);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return tensors(in, 2);
    }

    @Override
    public Effects effects() {
      return updates("θ", "v");
    }

    @Override
    public long flops(Inputs in) {
      return 10 * in.size(0);
    }
  }

  /**
   * Adam (Kingma and Ba, ICLR 2015): {@code m ← β₁m + (1−β₁)g}, {@code v ← β₂v + (1−β₂)g²}, {@code
   * θ ← θ − lr·c₁·m/(√v·c₂ + ε)} with the corrections c₁, c₂ of {@link StepScalars}. Weight decay
   * is added to the gradient, {@code g ← g + λθ}, or if {@code decoupled} taken from the parameter,
   * {@code θ ← θ − lr·λθ} (AdamW: Loshchilov and Hutter, ICLR 2019).
   *
   * <p>Outputs, in place: θ, m, v.
   *
   * @param beta1 β₁, in [0, 1)
   * @param beta2 β₂, in [0, 1)
   * @param epsilon ε, at least 0
   * @param weightDecay λ, at least 0
   */
  record Adam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
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

    @Override
    public List<TensorType> outputs(Inputs in) {
      return tensors(in, 3);
    }

    @Override
    public Effects effects() {
      return updates("θ", "m", "v");
    }

    @Override
    public long flops(Inputs in) {
      return 14 * in.size(0);
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
