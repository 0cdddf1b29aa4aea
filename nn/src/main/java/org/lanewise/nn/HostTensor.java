package org.lanewise.nn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.Conversions;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;

/**
 * A tensor in the host's memory: what a run is given, and what it returns.
 *
 * @param data its elements, row-major
 */
public record HostTensor(TensorType type, MemorySegment data) {
  private static final int CHUNK = 1 << 14;
  private static final int ALIGNMENT = 64;

  /**
   * A tensor whose data has the bytes of its type.
   *
   * @throws IllegalArgumentException if it has more or fewer
   */
  public HostTensor {
    if (data.byteSize() != type.byteSize()) {
      throw new IllegalArgumentException(
          "data of %s must have %d bytes but has %d"
              .formatted(type, type.byteSize(), data.byteSize()));
    }
  }

  /**
   * A copy of f32 elements.
   *
   * @throws IllegalArgumentException if their number is not that of the shape
   */
  public static HostTensor of(float[] elements, long... dimensions) {
    return copy(DType.F32, MemorySegment.ofArray(elements), dimensions);
  }

  /**
   * A copy of i32 elements.
   *
   * @throws IllegalArgumentException if their number is not that of the shape
   */
  public static HostTensor of(int[] elements, long... dimensions) {
    return copy(DType.I32, MemorySegment.ofArray(elements), dimensions);
  }

  /**
   * A copy of u8 elements.
   *
   * @throws IllegalArgumentException if their number is not that of the shape
   */
  public static HostTensor of(byte[] elements, long... dimensions) {
    return copy(DType.U8, MemorySegment.ofArray(elements), dimensions);
  }

  /**
   * A copy of i64 elements.
   *
   * @throws IllegalArgumentException if their number is not that of the shape
   */
  public static HostTensor of(long[] elements, long... dimensions) {
    return copy(DType.I64, MemorySegment.ofArray(elements), dimensions);
  }

  private static HostTensor copy(DType dtype, MemorySegment elements, long... dimensions) {
    HostTensor given = new HostTensor(TensorType.of(dtype, dimensions), elements);
    HostTensor copy = zeros(given.type);
    copy.data.copyFrom(elements);
    return copy;
  }

  /** A tensor of zeros. */
  public static HostTensor zeros(TensorType type) {
    return new HostTensor(type, Arena.ofAuto().allocate(type.byteSize(), ALIGNMENT));
  }

  /**
   * Copies the elements to a tensor of the same shape, converted to its type as {@link Conversion}
   * says.
   *
   * @throws IllegalArgumentException if the shapes differ, there is no such conversion, or the
   *     target is converted to and is not native memory that is aligned to its elements
   */
  public void copyTo(HostTensor target) {
    if (!target.type.shape().equals(type.shape())) {
      throw new IllegalArgumentException("%s cannot become %s".formatted(type, target.type));
    }
    if (target.type.equals(type)) {
      target.data.copyFrom(data);
    } else {
      convert(conversion(target.type.dtype()), target.data);
    }
  }

  private Conversion conversion(DType wanted) {
    return Conversion.of(type.dtype(), wanted)
        .orElseThrow(() ->
            new IllegalArgumentException("%s cannot be converted to %s".formatted(type, wanted)));
  }

  /** In chunks, as what is converted may lie in any memory, while the kernel wants it aligned. */
  private void convert(Conversion conversion, MemorySegment target) {
    int bytes = conversion.from().byteSize();
    long size = type.shape().size();
    MemorySegment chunk = Arena.ofAuto().allocate((long) CHUNK * bytes, ALIGNMENT);
    for (long from = 0; from < size; from += CHUNK) {
      long count = Math.min(CHUNK, size - from);
      MemorySegment.copy(data, from * bytes, chunk, 0, count * bytes);
      MemorySegment part = target.asSlice(from * conversion.to().byteSize());
      Conversions.convert(Init.CALLING_THREAD, conversion, count, chunk, part);
    }
  }

  /**
   * This tensor with elements of another type.
   *
   * @return itself if it has that type, or else a copy
   * @throws IllegalArgumentException if there is no such {@link Conversion}
   */
  public HostTensor convert(DType dtype) {
    if (type.dtype() == dtype) {
      return this;
    }
    HostTensor converted = zeros(new TensorType(dtype, type.shape()));
    copyTo(converted);
    return converted;
  }

  /**
   * A copy of the elements as f32, row-major.
   *
   * @throws IllegalArgumentException if they are neither f32 nor f16, bf16 or u8
   */
  public float[] toFloats() {
    return convert(DType.F32).data.toArray(JAVA_FLOAT);
  }

  /**
   * A copy of the elements as i32, row-major.
   *
   * @throws IllegalArgumentException if they are neither i32 nor u8 or i64
   */
  public int[] toInts() {
    return convert(DType.I32).data.toArray(JAVA_INT);
  }
}
