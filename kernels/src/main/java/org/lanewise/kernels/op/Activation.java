package org.lanewise.kernels.op;

/** Functions of one element: activations, and elementary functions. NaN gives NaN. */
public enum Activation {
  /** {@code max(x, 0)}. */
  RELU(Gradient.FROM_OUTPUT),
  /** {@code x}, or below 0 {@code x/100}. */
  LEAKY_RELU(Gradient.FROM_OUTPUT),
  /** {@code x}, or below 0 {@code eˣ − 1} (Clevert et al., ICLR 2016, with α = 1). */
  ELU(Gradient.FROM_OUTPUT),
  /** {@code 1 / (1 + e⁻ˣ)}. */
  SIGMOID(Gradient.FROM_OUTPUT),
  /** Hyperbolic tangent. */
  TANH(Gradient.FROM_OUTPUT),
  /** {@code ln(1 + eˣ)}. */
  SOFTPLUS(Gradient.FROM_OUTPUT),
  /** {@code x / (1 + e⁻ˣ)} (Elfwing et al., 2017). */
  SILU(Gradient.FROM_INPUT),
  /** {@code x·Φ(x) = ½x·(1 + erf(x/√2))} (Hendrycks and Gimpel, 2016). */
  GELU(Gradient.FROM_INPUT),
  /** GELU's tanh form, {@code ½x·(1 + tanh u)} with {@code u = √(2/π)·(x + 0.044715·x³)}. */
  GELU_TANH(Gradient.FROM_INPUT),
  /** {@code x·min(max(x + 3, 0), 6)/6} (Howard et al., ICCV 2019). */
  HARDSWISH(Gradient.FROM_INPUT),
  /** {@code eˣ}. */
  EXP(Gradient.FROM_OUTPUT),
  /** {@code ln x}; −∞ at ±0, NaN below. */
  LOG(Gradient.FROM_INPUT),
  /** {@code √x}; −0 at −0, NaN below. */
  SQRT(Gradient.FROM_OUTPUT),
  /** {@code 1/√x}; ±∞ at ±0, NaN below. */
  RSQRT(Gradient.FROM_OUTPUT),
  /** {@code 1/x}; ±∞ at ±0. */
  RECIPROCAL(Gradient.FROM_OUTPUT),
  /** {@code x²}. */
  SQUARE(Gradient.FROM_INPUT),
  /** {@code |x|}, whose derivative at 0 is 0. */
  ABS(Gradient.FROM_INPUT);

  /** Slope of {@link #LEAKY_RELU} below 0. */
  public static final float LEAKY_SLOPE = 0.01f;

  /** What a derivative is computed from. */
  public enum Gradient {
    /** The function's argument x. */
    FROM_INPUT,
    /** The function's value y: x need not be kept. */
    FROM_OUTPUT
  }

  private final Gradient gradient;

  Activation(Gradient gradient) {
    this.gradient = gradient;
  }

  /** What the derivative is computed from, and so the first operand of the gradient. */
  public Gradient gradient() {
    return gradient;
  }
}
