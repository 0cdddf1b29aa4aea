package org.lanewise.kernels.op;

/** What a tensor is before it has memory: element type and shape. */
public record TensorType(DType dtype, Shape shape) {
  /** A tensor of the given dimensions. */
  public static TensorType of(DType dtype, long... dimensions) {
    return new TensorType(dtype, Shape.of(dimensions));
  }

  /** An f32 tensor of the given dimensions. */
  public static TensorType f32(long... dimensions) {
    return of(DType.F32, dimensions);
  }

  /** An f32 tensor of a shape. */
  public static TensorType f32(Shape shape) {
    return new TensorType(DType.F32, shape);
  }

  /** An i32 tensor of the given dimensions. */
  public static TensorType i32(long... dimensions) {
    return of(DType.I32, dimensions);
  }

  /** A u8 tensor of the given dimensions. */
  public static TensorType u8(long... dimensions) {
    return of(DType.U8, dimensions);
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
    return dtype.toString() + shape;
  }
}
