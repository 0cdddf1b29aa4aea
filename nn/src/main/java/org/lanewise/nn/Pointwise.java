package org.lanewise.nn;

import static org.lanewise.nn.Constant.constant;

import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.ShapeException;

/**
 * The functions of a tensor's elements, alone or with those of a second tensor y. The shape of the
 * result is that of x, this tensor. A smaller y is repeated to fill x: along all axes, the first or
 * the last ones, where it has length 1 or no axis, aligned at the last one.
 */
public sealed interface Pointwise permits Tensor {
  /** This tensor with what recorded it. */
  private Tensor self() {
    return (Tensor) this;
  }

  /** {@code x + y}. */
  default Tensor add(Operand y) {
    return binary(BinaryFunction.ADD, y);
  }

  /** {@code x − y}. */
  default Tensor sub(Operand y) {
    return binary(BinaryFunction.SUBTRACT, y);
  }

  /** {@code x · y} of elements. */
  default Tensor mul(Operand y) {
    return binary(BinaryFunction.MULTIPLY, y);
  }

  /** {@code factor · x}. */
  default Tensor mul(float factor) {
    return self().trace().apply(new ElementwiseOp.Scale(factor), self());
  }

  /** {@code x / y} of elements. */
  default Tensor div(Operand y) {
    return binary(BinaryFunction.DIVIDE, y);
  }

  /** The larger element of x and y. */
  default Tensor maximum(Operand y) {
    return binary(BinaryFunction.MAXIMUM, y);
  }

  /** The smaller element of x and y. */
  default Tensor minimum(Operand y) {
    return binary(BinaryFunction.MINIMUM, y);
  }

  /** x, but at least low and at most high; at either, the gradient of x is half. NaN stays. */
  default Tensor clamp(float low, float high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "low must be at most high but is %s, %s".formatted(low, high));
    }
    return maximum(constant(low)).minimum(constant(high));
  }

  /** 1 where {@code x < y}, else 0. Neither this nor the other comparisons has a gradient. */
  default Tensor lessThan(Operand y) {
    return binary(BinaryFunction.LESS, y);
  }

  /** 1 where {@code x ≤ y}, else 0. */
  default Tensor lessOrEqual(Operand y) {
    return binary(BinaryFunction.LESS_OR_EQUAL, y);
  }

  /** 1 where {@code x > y}, else 0. */
  default Tensor greaterThan(Operand y) {
    return binary(BinaryFunction.GREATER, y);
  }

  /** 1 where {@code x ≥ y}, else 0. */
  default Tensor greaterOrEqual(Operand y) {
    return binary(BinaryFunction.GREATER_OR_EQUAL, y);
  }

  /** 1 where {@code x = y}, else 0. NaN is equal to nothing. */
  default Tensor equalTo(Operand y) {
    return binary(BinaryFunction.EQUAL, y);
  }

  /** 1 where {@code x ≠ y}, else 0. NaN is equal to nothing. */
  default Tensor notEqualTo(Operand y) {
    return binary(BinaryFunction.NOT_EQUAL, y);
  }

  private Tensor binary(BinaryFunction function, Operand y) {
    return self().trace().apply(new ElementwiseOp.Binary(function), self(), y);
  }

  /**
   * The elements as another type, see {@link Conversion}; this tensor if it has it. Only
   * floating-point elements have gradients, which f16 and bf16 hand on as they are, in f32.
   *
   * @throws ShapeException if there is no such conversion
   */
  default Tensor convert(DType dtype) {
    DType own = self().value().type().dtype();
    if (own == dtype) {
      return self();
    }
    Conversion conversion =
        Conversion.of(own, dtype)
            .orElseThrow(
                () -> self().mismatch("%s cannot be converted to %s".formatted(this, dtype)));
    return self().trace().apply(new ConversionOp.Convert(conversion), self());
  }

  /** The elements as f32, which most operations take: pixels from 0 to 255, for one. */
  default Tensor toF32() {
    return convert(DType.F32);
  }

  /** Rectified linear unit: {@code max(x, 0)}. */
  default Tensor relu() {
    return activate(Activation.RELU);
  }

  /** {@code x}, or below 0 {@code x/100} (Maas et al., ICML 2013). */
  default Tensor leakyRelu() {
    return activate(Activation.LEAKY_RELU);
  }

  /** {@code x}, or below 0 {@code eˣ − 1} (Clevert et al., ICLR 2016). */
  default Tensor elu() {
    return activate(Activation.ELU);
  }

  /** Logistic function: {@code 1 / (1 + e⁻ˣ)}. */
  default Tensor sigmoid() {
    return activate(Activation.SIGMOID);
  }

  /** Hyperbolic tangent. */
  default Tensor tanh() {
    return activate(Activation.TANH);
  }

  /** {@code ln(1 + eˣ)}. */
  default Tensor softplus() {
    return activate(Activation.SOFTPLUS);
  }

  /** {@code x / (1 + e⁻ˣ)} (Elfwing et al., 2017). */
  default Tensor silu() {
    return activate(Activation.SILU);
  }

  /** {@code x·Φ(x) = ½x·(1 + erf(x/√2))} (Hendrycks and Gimpel, 2016). */
  default Tensor gelu() {
    return activate(Activation.GELU);
  }

  /** GELU's tanh form, {@code ½x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))}. */
  default Tensor geluTanh() {
    return activate(Activation.GELU_TANH);
  }

  /** {@code x·min(max(x + 3, 0), 6)/6} (Howard et al., ICCV 2019). */
  default Tensor hardswish() {
    return activate(Activation.HARDSWISH);
  }

  /** {@code eˣ}. */
  default Tensor exp() {
    return activate(Activation.EXP);
  }

  /** {@code ln x}; −∞ at 0, NaN below. */
  default Tensor log() {
    return activate(Activation.LOG);
  }

  /** {@code √x}; NaN below 0. */
  default Tensor sqrt() {
    return activate(Activation.SQRT);
  }

  /** {@code 1/√x}; ∞ at 0, NaN below. */
  default Tensor rsqrt() {
    return activate(Activation.RSQRT);
  }

  /** {@code 1/x}. */
  default Tensor reciprocal() {
    return activate(Activation.RECIPROCAL);
  }

  /** {@code x²}. */
  default Tensor square() {
    return activate(Activation.SQUARE);
  }

  /** {@code |x|}, whose derivative at 0 is 0. */
  default Tensor abs() {
    return activate(Activation.ABS);
  }

  /** {@code −x}. */
  default Tensor neg() {
    return mul(-1f);
  }

  /** A function of each element. */
  default Tensor activate(Activation function) {
    return self().trace().apply(new ActivationOp.Activate(function), self());
  }

  /**
   * In training, {@code x/(1−p)} or with probability p 0 (Srivastava et al., JMLR 15, 2014); else x
   * as it is. Which elements are dropped depends on seed and step of the run, and on the layer that
   * x comes from.
   *
   * @param p probability of dropping an element, in [0, 1)
   * @throws IllegalArgumentException if p is out of range
   */
  default Tensor dropout(float p) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("p must be in [0, 1) but is " + p);
    }
    boolean drops = p > 0 && self().trace().mode() == Mode.TRAIN;
    return drops ? self().trace().dropout(p, self()) : self();
  }
}
