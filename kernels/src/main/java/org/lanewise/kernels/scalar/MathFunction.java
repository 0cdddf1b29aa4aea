package org.lanewise.kernels.scalar;

/** The elementary functions that are kernels of their own. */
public enum MathFunction {
  /** {@link ScalarMath#exp}. */
  EXP,
  /** {@link ScalarMath#expm1}. */
  EXPM1,
  /** {@link ScalarMath#log}. */
  LOG,
  /** {@link ScalarMath#log1p}. */
  LOG1P,
  /** {@link ScalarMath#erf}. */
  ERF,
  /** {@link ScalarMath#sin}. */
  SIN,
  /** {@link ScalarMath#cos}. */
  COS,
  /** {@link ScalarMath#rsqrt}. */
  RSQRT
}
