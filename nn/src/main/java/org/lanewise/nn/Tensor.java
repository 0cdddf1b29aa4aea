package org.lanewise.nn;

import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.nn.plan.Value;

/**
 * A tensor that has a shape but no elements yet. Applying operations to it records them; the first
 * dimension is the batch.
 *
 * <p>All methods throw {@link ShapeException}, whose message ends with the line of the caller, if
 * the shapes do not fit.
 */
public final class Tensor {
  private final Trace trace;
  private final Value value;

  Tensor(Trace trace, Value value) {
    this.trace = trace;
    this.value = value;
  }

  /** Its dimensions, the batch first. */
  public Shape shape() {
    return value.type().shape();
  }

  /** {@code x·Wᵀ + b} of a matrix x [batch, inputs], W [outputs, inputs] and b [outputs]. */
  public Tensor linear(Parameter weight, Parameter bias) {
    return trace.apply(
        new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, false, Epilogue.BIAS),
        List.of(value, trace.value(weight), trace.value(bias)));
  }

  /** Rectified linear unit: {@code max(x, 0)}. */
  public Tensor relu() {
    return activate(Activation.RELU);
  }

  /** Logistic function: {@code 1 / (1 + e⁻ˣ)}. */
  public Tensor sigmoid() {
    return activate(Activation.SIGMOID);
  }

  /** Hyperbolic tangent. */
  public Tensor tanh() {
    return activate(Activation.TANH);
  }

  /**
   * Scaled dot-product attention of queries to keys and values: {@code softmax(q·kᵀ/√headSize)·v}
   * for each head.
   *
   * <p>This tensor is q [batch, heads, queries, headSize].
   *
   * @param k keys [batch, heads, keys, headSize]
   * @param v values, with the shape of k
   * @param causal whether query i sees only the keys {@code j ≤ i + keys − queries}
   * @return with the shape of q
   */
  public Tensor attention(Tensor k, Tensor v, boolean causal) {
    return trace.apply(
        new AttentionOp.Attention(causal, false, AttentionOp.DEFAULT_SCALE),
        List.of(value, k.value, v.value));
  }

  /**
   * Softmax along an axis: {@code exp(x) / Σ exp(x)}.
   *
   * @param axis from 0, or if negative back from the end, −1 being the last
   */
  public Tensor softmax(int axis) {
    return trace.apply(new SoftmaxOp.Softmax(axis), List.of(value));
  }

  /**
   * Softmax along the last axis of scores [..., T, S] of T queries for S keys, of which none sees a
   * later key: the other elements are 0. With fewer queries than keys, they are the last ones.
   */
  public Tensor causalSoftmax() {
    return trace.apply(new SoftmaxOp.CausalSoftmax(), List.of(value));
  }

  /**
   * Logarithm of softmax along an axis: {@code x − log(Σ exp(x))}.
   *
   * @param axis from 0, or if negative back from the end, −1 being the last; no axis inside of it
   *     is longer than 1
   */
  public Tensor logSoftmax(int axis) {
    return trace.apply(new SoftmaxOp.LogSoftmax(axis), List.of(value));
  }

  /**
   * Layer norm along the last axis: {@code (x − mean) / √(variance + epsilon) · weight + bias} of x
   * [..., columns], weight [columns] and bias [columns].
   *
   * @throws IllegalArgumentException if epsilon is negative or not finite
   */
  public Tensor layerNorm(Parameter weight, Parameter bias, float epsilon) {
    return trace.apply(
        new NormOp.LayerNorm(epsilon), List.of(value, trace.value(weight), trace.value(bias)));
  }

  /**
   * RMS norm along the last axis: {@code x / √(mean of x² + epsilon) · weight} of x [..., columns]
   * and weight [columns].
   *
   * @throws IllegalArgumentException if epsilon is negative or not finite
   */
  public Tensor rmsNorm(Parameter weight, float epsilon) {
    return trace.apply(new NormOp.RmsNorm(epsilon), List.of(value, trace.value(weight)));
  }

  private Tensor activate(Activation function) {
    return trace.apply(new ActivationOp.Activate(function), List.of(value));
  }

  Value value() {
    return value;
  }

  @Override
  public String toString() {
    return "tensor " + value.type();
  }
}
