package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.simd.gemm.BlockSizes;

/**
 * A block of op(A) as the micro-kernels read it: as it is stored, or a copy in which the elements
 * of a row lie side by side.
 */
final class RowBlock {
  private final int maxRows;
  private MemorySegment buffer;

  private boolean isCopy;
  private long start;
  private long rowStride;
  private long depthStride;

  /** A place for blocks of at most so many rows. */
  RowBlock(int maxRows) {
    this.maxRows = maxRows;
  }

  /** Reads the block as it is stored. */
  void read(long start, long rowStride, long depthStride) {
    isCopy = false;
    this.start = start;
    this.rowStride = rowStride;
    this.depthStride = depthStride;
  }

  /** Copies the block and reads the copy. */
  void pack(
      MemorySegment source, long start, long rowStride, long depthStride, long rows, long depth) {
    int width = Math.max(1, (int) depth); // all is one panel, whose steps are rows of op(A)
    long most = Packing.size(BlockSizes.DEPTH, maxRows, BlockSizes.DEPTH);
    buffer = Packing.withRoom(buffer, Packing.size(depth, rows, width), most);
    Packing.pack(source, start, depthStride, rowStride, depth, rows, width, buffer, 0);
    read(0, (long) Packing.pitch(width) * ELEMENT, ELEMENT);
    isCopy = true;
  }

  /** The memory to read: the operand's, or that of the copy. */
  MemorySegment memory(MemorySegment operand) {
    return isCopy ? buffer : operand;
  }

  /** Whether the elements of columns lie side by side, rather than those of rows. */
  boolean hasContiguousColumns() {
    return depthStride != ELEMENT;
  }

  /** The distance of rows or, if the elements of columns lie side by side, of columns. */
  long stride() {
    return hasContiguousColumns() ? depthStride : rowStride;
  }

  /** Where a row is at a step of the block. */
  long at(long row, long depthFrom) {
    return start + row * rowStride + depthFrom * depthStride;
  }
}
