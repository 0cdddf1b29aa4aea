package org.lanewise.kernels.scalar;

import org.lanewise.kernels.op.Activation;

/** The elementary functions of which no gradient is known; the others are {@link Activation}s. */
public enum MathFunction {
  /** {@link ScalarMath#expm1}. */
  EXPM1,
  /** {@link ScalarMath#log1p}. */
  LOG1P,
  /** {@link ScalarMath#erf}. */
  ERF,
  /** {@link ScalarMath#sin}. */
  SIN,
  /** {@link ScalarMath#cos}. */
  COS
}
