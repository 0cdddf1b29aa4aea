package org.lanewise.kernels.op;

import java.util.Objects;

/**
 * The op vocabulary: what a plan consists of and every backend implements.
 *
 * <p>An op is a value without operands; {@link ShapeRule} says which operands it takes and {@link
 * Cost} what it costs. All operands are dense, row-major f32 tensors unless said otherwise. An
 * output is overwritten, except where an op {@code accumulate}s into it or updates it in place.
 */
public sealed interface Op {
  /** An op of the model itself; it has a gradient rule. */
  sealed interface Forward extends Op {}

  /** An op that exists to propagate gradients. */
  sealed interface Backward extends Op {}

  /** An optimizer step, in place. */
  sealed interface Update extends Op {}

  /**
   * {@code C = epilogue(α · op(A) · op(B))}, or {@code C += …}.
   *
   * <p>Inputs: A, B, and the bias [n] if the epilogue has one. Output: C [m, n], where op(A) is [m,
   * k] and op(B) is [k, n].
   */
  record Gemm(
      Transpose transA, Transpose transB, float alpha, boolean accumulate, Epilogue epilogue)
      implements Forward {
    /**
     * @throws IllegalArgumentException if the epilogue has more than a bias for each column and
     *     ReLU
     */
    public Gemm {
      Objects.requireNonNull(transA, "transA");
      Objects.requireNonNull(transB, "transB");
      Epilogue known =
          Epilogue.of(
              epilogue.bias(),
              epilogue.hasRelu() ? Epilogue.Function.RELU : Epilogue.Function.NONE);
      if (!epilogue.equals(known) || epilogue.bias() == Epilogue.Bias.ROW) {
        throw new IllegalArgumentException("no gradient is known for " + epilogue);
      }
    }
  }

  /** {@code y = f(x)} for each element. Input: x. Output: y, which may be x. */
  record Activate(Activation function) implements Forward {}

  /**
   * Mean over the rows of {@code −log softmax(logits)[label]}.
   *
   * <p>Inputs: logits [m, n], labels i32 [m] in 0..n−1. Outputs: the loss, a scalar, and each row's
   * log-sum-exp [m], which the backward op needs.
   */
  record SoftmaxCrossEntropy() implements Forward {}

  /** Mean of {@code (prediction − target)²}. Inputs: prediction, target. Output: a scalar. */
  record MeanSquaredError() implements Forward {}

  /**
   * {@code dx = f′(x) · dy}, or {@code dx += …}. Inputs: x or y = f(x), whichever {@link
   * Activation#gradient} says, and dy. Output: dx, which may be dy.
   */
  record ActivateBackward(Activation function, boolean accumulate) implements Backward {}

  /** Sum over the rows. Input: x [m, n]. Output: [n]. The gradient of a bias. */
  record ColumnSums(boolean accumulate) implements Backward {}

  /**
   * {@code (softmax(logits) − onehot(label)) / m}. Inputs: logits [m, n], labels i32 [m],
   * log-sum-exp [m]. Output: dlogits [m, n], which may be logits.
   */
  record SoftmaxCrossEntropyBackward() implements Backward {}

  /** {@code 2 (prediction − target) / size}. Inputs: prediction, target. Output: dprediction. */
  record MeanSquaredErrorBackward() implements Backward {}

  /**
   * Stochastic gradient descent: {@code g ← g + λθ}, {@code u ← μu + g}, {@code θ ← θ − lr·u}, or
   * with Nesterov momentum {@code θ ← θ − lr·(g + μu)} (Sutskever et al., ICML 2013, in PyTorch's
   * form).
   *
   * <p>Inputs: gradient, {@link StepScalars}. Outputs, in place: θ, and u if momentum is not 0.
   */
  record Sgd(double momentum, boolean nesterov, double weightDecay) implements Update {}

  /**
   * RMSprop (Hinton, Coursera lecture 6e): {@code g ← g + λθ}, {@code v ← ρv + (1−ρ)g²}, {@code θ ←
   * θ − lr·g/(√v + ε)}.
   *
   * <p>Inputs: gradient, {@link StepScalars}. Outputs, in place: θ, v.
   */
  record RmsProp(double decay, double epsilon, double weightDecay) implements Update {}

  /**
   * Adam (Kingma and Ba, ICLR 2015): {@code m ← β₁m + (1−β₁)g}, {@code v ← β₂v + (1−β₂)g²}, {@code
   * θ ← θ − lr·c₁·m/(√v·c₂ + ε)} with the corrections c₁, c₂ of {@link StepScalars}. Weight decay
   * is added to the gradient, {@code g ← g + λθ}, or if {@code decoupled} taken from the parameter,
   * {@code θ ← θ − lr·λθ} (AdamW: Loshchilov and Hutter, ICLR 2019).
   *
   * <p>Inputs: gradient, {@link StepScalars}. Outputs, in place: θ, m, v.
   */
  record Adam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
      implements Update {}
}
