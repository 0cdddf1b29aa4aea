package org.lanewise.kernels.scalar;

/** The complementary error function of one double, with the same bits on every machine. */
public final class Erfc {
  /** Its reciprocal is about where half of the variable's range is used. */
  private static final double MIDDLE = 3.75;

  /**
   * Chebyshev coefficients of {@code erfc(x)·exp(x²)·(1 + 2x)} in {@code (x − MIDDLE)/(x + MIDDLE)}
   * on {@code 0 ≤ x ≤ ∞}; the first one left out is 2·10⁻²⁰.
   */
  private static final double[] COEFFICIENTS = {
    0x1.2d75d0246cee8p+0, -0x1.2cd0564f8c1b7p-8, -0x1.59159e8868995p-4,
    0x1.e50c3e7c7dccep-5, -0x1.b4c68f4569326p-6, 0x1.295e991a7d82dp-7,
    -0x1.3c4c54f8d419dp-9, 0x1.014ed1572209ap-11, -0x1.221e6f70130b5p-14,
    0x1.15c3f597f0492p-18, 0x1.9f8f03ca86fc1p-21, -0x1.d601c320c8f9cp-23,
    0x1.71e1efca86cf9p-27, 0x1.36bf2885524c9p-28, -0x1.aa4d7b1cdf20ap-31,
    -0x1.15df59ca6082bp-34, 0x1.f8af0a9aa6d31p-36, 0x1.b61b723941781p-43,
    -0x1.0fc16c00b50f2p-40, 0x1.24f6a772cbc36p-45, 0x1.2d8b49ab5f72bp-45,
    -0x1.0cb63a80de2c5p-49, -0x1.6884628ace07ap-50, 0x1.561b105822234p-54,
    0x1.d3744857e262bp-55, -0x1.4a219c71bb4d3p-59
  };

  private Erfc() {}

  /**
   * {@code 2/√π · ∫ₓ exp(−t²) dt}. The relative error is below 10⁻¹⁴ as long as the result is not
   * subnormal. NaN gives NaN.
   */
  public static double erfc(double x) {
    double a = Math.min(Math.abs(x), 28); // where it is 0
    double y = (a - MIDDLE) / (a + MIDDLE);
    double later = 0;
    double next = 0;
    for (int i = COEFFICIENTS.length - 1; i > 0; i--) { // Clenshaw's recurrence
      double sum = 2 * y * next - later + COEFFICIENTS[i];
      later = next;
      next = sum;
    }
    double scaled = (y * next - later + COEFFICIENTS[0]) / (1 + 2 * a);
    double square = a * a;
    double error = Math.fma(a, a, -square);
    double e = StrictMath.exp(-square) * scaled * (1 - error);
    return x < 0 ? 2 - e : e;
  }
}
