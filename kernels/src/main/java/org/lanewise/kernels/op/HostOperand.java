package org.lanewise.kernels.op;

import java.lang.foreign.MemorySegment;

/**
 * An operand of a {@link Op.Custom} while it runs.
 *
 * @param elements row-major, in native memory that is aligned to them
 */
public record HostOperand(TensorType type, MemorySegment elements) {
  /** The number of elements. */
  public long size() {
    return type.shape().size();
  }
}
