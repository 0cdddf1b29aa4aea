package org.lanewise.bench.gemm;

import java.util.Locale;

/** Type of the elements. */
public enum Type {
  /** IEEE 754 binary32. */
  F32(4, 0x1p-24),
  /** IEEE 754 binary64. */
  F64(8, 0x1p-53);

  private final int bytes;
  private final double unitRoundoff;

  Type(int bytes, double unitRoundoff) {
    this.bytes = bytes;
    this.unitRoundoff = unitRoundoff;
  }

  /** Bytes of an element. */
  public int bytes() {
    return bytes;
  }

  /** The largest relative error of one rounding. */
  public double unitRoundoff() {
    return unitRoundoff;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
