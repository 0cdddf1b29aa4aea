package org.lanewise.kernels.backend;

import java.util.List;
import java.util.Objects;
import org.lanewise.kernels.op.TensorType;

/**
 * A tensor in a buffer.
 *
 * @param offset first byte in the buffer, a multiple of 4 and of an element's size
 */
public record Operand(Buffer buffer, long offset, TensorType type) {
  private static final int LEAST_ALIGNMENT = 4;

  /**
   * A tensor in a buffer.
   *
   * @throws IndexOutOfBoundsException if it does not lie within the buffer
   * @throws IllegalArgumentException if the offset is not a multiple of 4 and of an element's size
   */
  public Operand {
    Objects.checkFromIndexSize(offset, type.byteSize(), buffer.byteSize());
    int alignment = Math.max(LEAST_ALIGNMENT, type.dtype().byteSize());
    if (offset % alignment != 0) {
      throw new IllegalArgumentException(
          "offset of %s must be a multiple of %d but is %d".formatted(type, alignment, offset));
    }
  }

  /** The first byte in the buffer after it. */
  public long end() {
    return offset + type.byteSize();
  }

  /** Whether there is a byte that belongs to both. */
  public boolean overlaps(Operand other) {
    return buffer == other.buffer && Math.max(offset, other.offset) < Math.min(end(), other.end());
  }

  /** Whether all bytes belong to both. */
  public boolean isSameMemory(Operand other) {
    return buffer == other.buffer && offset == other.offset && end() == other.end();
  }

  /** Whether operands have no elements: an op that writes none has nothing to do. */
  public static boolean areEmpty(List<Operand> operands) {
    return operands.stream().allMatch(operand -> operand.type().shape().size() == 0);
  }
}
