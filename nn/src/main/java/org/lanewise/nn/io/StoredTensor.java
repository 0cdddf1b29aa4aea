package org.lanewise.nn.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;

/**
 * A tensor as a file has it: of any type of the format, some of which no op takes.
 *
 * @param data its elements, row-major and little-endian, in any memory and at any address
 */
public record StoredTensor(StoredType type, Shape shape, MemorySegment data) {
  /**
   * A tensor whose data has the bytes of its elements.
   *
   * @throws IllegalArgumentException if it has more or fewer
   */
  public StoredTensor {
    long bytes = Math.multiplyExact(shape.size(), (long) type.byteSize());
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "data of %s%s must have %d bytes but has %d"
              .formatted(type, shape, bytes, data.byteSize()));
    }
  }

  /** The same elements; nothing is copied. */
  public static StoredTensor of(HostTensor tensor) {
    return new StoredTensor(
        StoredType.of(tensor.type().dtype()), tensor.type().shape(), tensor.data());
  }

  /**
   * A copy with elements of another type, or the same one.
   *
   * @throws IllegalArgumentException as {@link #copyTo}
   */
  public HostTensor convert(DType dtype) {
    HostTensor copy = HostTensor.zeros(new TensorType(dtype, shape));
    copyTo(copy);
    return copy;
  }

  /**
   * Copies the elements to a tensor of the same shape, converted to its type: all types to f32, by
   * rounding to the nearest and of two to the even one; integers and truth values, which are 0 and
   * 1, to i32; and each type to itself.
   *
   * @param target native and aligned to its elements
   * @throws IllegalArgumentException if the shapes differ, there is no such conversion, or an
   *     integer is not one of 32 bits
   */
  public void copyTo(HostTensor target) {
    DType wanted = target.type().dtype();
    if (!target.type().shape().equals(shape)) {
      throw new IllegalArgumentException("%s cannot become %s".formatted(this, target.type()));
    }
    if (StoredType.of(wanted) == type) {
      target.data().copyFrom(data);
    } else if (wanted == DType.F32) {
      toF32(target);
    } else if (wanted == DType.I32) {
      toI32(target.data());
    } else {
      throw new IllegalArgumentException("%s cannot be converted to %s".formatted(this, wanted));
    }
  }

  private void toF32(HostTensor target) {
    MemorySegment y = target.data();
    long size = shape.size();
    switch (type) {
      case F16, BF16, U8, F32 ->
          new HostTensor(new TensorType(type.dtype().orElseThrow(), shape), data).copyTo(target);
      case F64 -> {
        for (long i = 0; i < size; i++) {
          y.setAtIndex(JAVA_FLOAT, i, (float) data.getAtIndex(JAVA_DOUBLE_UNALIGNED, i));
        }
      }
      case I64, I32, I16, I8, BOOL -> {
        for (long i = 0; i < size; i++) {
          y.setAtIndex(JAVA_FLOAT, i, integer(i));
        }
      }
    }
  }

  private void toI32(MemorySegment y) {
    for (long i = 0; i < shape.size(); i++) {
      long element = integer(i);
      if (element != (int) element) {
        throw new IllegalArgumentException(
            "element %d of %s is %d, which is no i32".formatted(i, this, element));
      }
      y.setAtIndex(JAVA_INT, i, (int) element);
    }
  }

  private long integer(long index) {
    return switch (type) {
      case I64 -> data.getAtIndex(JAVA_LONG_UNALIGNED, index);
      case I32 -> data.getAtIndex(JAVA_INT_UNALIGNED, index);
      case I16 -> data.getAtIndex(JAVA_SHORT_UNALIGNED, index);
      case I8 -> data.get(JAVA_BYTE, index);
      case U8 -> Byte.toUnsignedInt(data.get(JAVA_BYTE, index));
      case BOOL -> data.get(JAVA_BYTE, index) == 0 ? 0 : 1;
      case F64, F32, F16, BF16 ->
          throw new IllegalArgumentException("%s holds no integers".formatted(this));
    };
  }

  /** Whether it is stored as a tensor of a type would be. */
  public boolean isOf(TensorType wanted) {
    return type == StoredType.of(wanted.dtype()) && shape.equals(wanted.shape());
  }

  /** Type and shape, as in {@code bf16[128, 784]}. */
  @Override
  public String toString() {
    return type + shape.toString();
  }
}
