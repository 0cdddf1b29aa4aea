package org.lanewise.kernels.op;

import java.util.Locale;

/** What a tensor is before it has memory: element type and shape. */
public record TensorType(DType dtype, Shape shape) {
  /** An f32 tensor of the given dimensions. */
  public static TensorType f32(long... dimensions) {
    return new TensorType(DType.F32, Shape.of(dimensions));
  }

  /** An i32 tensor of the given dimensions. */
  public static TensorType i32(long... dimensions) {
    return new TensorType(DType.I32, Shape.of(dimensions));
  }

  /**
   * Bytes of all elements.
   *
   * @throws ArithmeticException if they exceed 2⁶³−1
   */
  public long byteSize() {
    return Math.multiplyExact(shape.size(), (long) dtype.byteSize());
  }

  /** As in {@code f32[128, 784]}. */
  @Override
  public String toString() {
    return dtype.name().toLowerCase(Locale.ROOT) + shape;
  }
}
