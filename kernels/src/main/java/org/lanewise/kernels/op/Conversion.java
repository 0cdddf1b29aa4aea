package org.lanewise.kernels.op;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * A conversion of elements to another type. Those to a floating-point type keep signs, of zeros
 * too, and infinities, and NaN stays NaN.
 */
public enum Conversion {
  /** Pixels to numbers from 0 to 255; exact. */
  U8_TO_F32(DType.U8, DType.F32),
  /** Exact. */
  U8_TO_I32(DType.U8, DType.I32),
  /**
   * Integers beyond those of 32 bits become the nearest one, 2³¹ − 1 or −2³¹: an index that is too
   * large stays one that no tensor has, for the op that looks it up to refuse.
   */
  I64_TO_I32(DType.I64, DType.I32),
  /** Rounded to the nearest f32, of two to the even one: exact up to 2²⁴. */
  I32_TO_F32(DType.I32, DType.F32),
  /** Exact. */
  F16_TO_F32(DType.F16, DType.F32),
  /** Exact. */
  BF16_TO_F32(DType.BF16, DType.F32),
  /**
   * Rounded to the nearest f16, of two to the even one: multiples of 2⁻²⁴ below 2⁻¹⁴, and infinity
   * from 65,520 on.
   */
  F32_TO_F16(DType.F32, DType.F16),
  /** Rounded to the nearest bf16, of two to the even one, and that to infinity. */
  F32_TO_BF16(DType.F32, DType.BF16);

  private final DType from;
  private final DType to;

  Conversion(DType from, DType to) {
    this.from = from;
    this.to = to;
  }

  /** The conversion from a type to another one, if there is one. */
  public static Optional<Conversion> of(DType from, DType to) {
    return Stream.of(values()).filter(c -> c.from == from && c.to == to).findAny();
  }

  /** Type of what is converted. */
  public DType from() {
    return from;
  }

  /** Type of the result. */
  public DType to() {
    return to;
  }
}
