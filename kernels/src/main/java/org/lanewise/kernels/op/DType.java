package org.lanewise.kernels.op;

import java.util.Locale;

/**
 * Element type of a tensor. Ops compute in {@link #F32} and look up by {@link #I32}. In the other
 * types tensors are stored: {@link ConversionOp} makes them of these and these of them.
 */
public enum DType {
  /** IEEE 754 binary32. */
  F32(4),
  /** Signed 32-bit integer: class labels and token ids. */
  I32(4),
  /** Unsigned 8-bit integer: pixels. */
  U8(1),
  /** Signed 64-bit integer: labels and ids as other programs write them. */
  I64(8),
  /** IEEE 754 binary16: 11 significant bits, at most 65,504. */
  F16(2),
  /** The upper half of an f32: 8 significant bits, the range of f32. */
  BF16(2);

  private final int byteSize;

  DType(int byteSize) {
    this.byteSize = byteSize;
  }

  /** Bytes of one element. */
  public int byteSize() {
    return byteSize;
  }

  /** Whether elements are floating-point numbers, which may have gradients. */
  public boolean isFloat() {
    return switch (this) {
      case F32, F16, BF16 -> true;
      case I32, U8, I64 -> false;
    };
  }

  /** As in {@code f32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
