package org.lanewise.kernels.backend.host;

import org.lanewise.kernels.op.Shape;

/**
 * A part of an axis of a tensor, as a block of the matrix that the tensor is if its rows begin with
 * that axis.
 *
 * @param rows of the matrix
 * @param columns of the block
 * @param stride columns of the matrix
 * @param offset of the first element of the block
 */
record Block(long rows, long columns, long stride, long offset) {
  /** The block {@code from ≤ i < to} of an axis. */
  public static Block of(Shape shape, int axis, long from, long to) {
    long inner = shape.size(axis + 1, shape.rank());
    return new Block(
        shape.size(0, axis), (to - from) * inner, shape.dimension(axis) * inner, from * inner);
  }

  /** Whether the block has no gaps. */
  public boolean isContiguous() {
    return rows == 1 || columns == stride;
  }
}
