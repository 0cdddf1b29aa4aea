package org.lanewise.kernels.op;

/** Elementwise functions whose derivative follows from their value. */
public enum Activation {
  /** {@code max(x, 0)}; NaN stays NaN. */
  RELU,
  /** {@code 1 / (1 + e⁻ˣ)}. */
  SIGMOID,
  /** Hyperbolic tangent. */
  TANH
}
