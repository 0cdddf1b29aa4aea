package org.lanewise.kernels;

import java.util.function.IntToDoubleFunction;

/** What conversions to and from the floating-point types of 16 bits should give, bit by bit. */
public enum HalfFormats {
  /** IEEE 754 binary16. */
  F16(10, 0x7c00),
  /** The upper half of binary32. */
  BF16(7, 0x7f80);

  private static final int SIGN = 0x8000;

  /** The bits of infinity; NaN is above. */
  public final int infinity;

  private final IntToDoubleFunction magnitude;

  HalfFormats(int fractionBits, int infinity) {
    this.infinity = infinity;
    int bias = (infinity >> fractionBits) / 2;
    magnitude =
        bits -> {
          int exponent = bits >> fractionBits;
          int fraction = bits & (1 << fractionBits) - 1;
          double leading = exponent == 0 ? 0 : 1 << fractionBits;
          return Math.scalb(leading + fraction, Math.max(1, exponent) - bias - fractionBits);
        };
  }

  /** The number that has these bits. */
  public float toFloat(int bits) {
    int unsigned = bits & SIGN - 1;
    double value =
        unsigned > infinity
            ? Double.NaN
            : unsigned == infinity ? Double.POSITIVE_INFINITY : magnitude.applyAsDouble(unsigned);
    return (float) ((bits & SIGN) == 0 ? value : -value);
  }

  /** Whether these bits are a NaN. */
  public boolean isNaN(int bits) {
    return (bits & SIGN - 1) > infinity;
  }

  /**
   * The bits of the number nearest to one that is not NaN, of two the even one. Beyond the largest
   * number, infinity stands where the next one would be.
   */
  public int nearest(float x) {
    double wanted = Math.abs(x);
    int below = 0;
    int above = infinity;
    while (above - below > 1) {
      int middle = (below + above) / 2;
      if (magnitude.applyAsDouble(middle) <= wanted) {
        below = middle;
      } else {
        above = middle;
      }
    }
    double low = wanted - magnitude.applyAsDouble(below);
    double high = magnitude.applyAsDouble(above) - wanted;
    boolean isBelow = low < high || low == high && below % 2 == 0;
    return (isBelow ? below : above) | (Float.floatToRawIntBits(x) < 0 ? SIGN : 0);
  }
}
