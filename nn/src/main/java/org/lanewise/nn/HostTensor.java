package org.lanewise.nn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;

/**
 * A tensor in the host's memory: what a run is given, and what it returns.
 *
 * @param data its elements, row-major
 */
public record HostTensor(TensorType type, MemorySegment data) {
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
    return new HostTensor(
        new TensorType(DType.F32, Shape.of(dimensions)),
        Arena.ofAuto().allocateFrom(JAVA_FLOAT, elements));
  }

  /**
   * A copy of i32 elements.
   *
   * @throws IllegalArgumentException if their number is not that of the shape
   */
  public static HostTensor of(int[] elements, long... dimensions) {
    return new HostTensor(
        new TensorType(DType.I32, Shape.of(dimensions)),
        Arena.ofAuto().allocateFrom(JAVA_INT, elements));
  }

  /** A tensor of zeros. */
  public static HostTensor zeros(TensorType type) {
    return new HostTensor(type, Arena.ofAuto().allocate(type.byteSize(), Float.BYTES));
  }

  /** A copy of f32 elements, row-major. */
  public float[] toFloats() {
    require(DType.F32);
    return data.toArray(JAVA_FLOAT);
  }

  /** A copy of i32 elements, row-major. */
  public int[] toInts() {
    require(DType.I32);
    return data.toArray(JAVA_INT);
  }

  private void require(DType dtype) {
    if (type.dtype() != dtype) {
      throw new IllegalStateException("a tensor " + type + " does not hold " + dtype);
    }
  }
}
