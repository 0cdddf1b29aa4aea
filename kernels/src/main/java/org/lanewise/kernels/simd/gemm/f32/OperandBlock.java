package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.simd.gemm.BlockSizes;

/**
 * A block of an operand as the micro-kernels read it: as it is stored, or packed. Lines are rows of
 * op(A) or columns of op(B).
 */
final class OperandBlock {
  private final int width;
  private final int maxLines;
  private MemorySegment buffer;

  private boolean isPacked;
  private boolean isCopy;
  private long lineStride;
  private long depthStride;

  /** Where the block begins, if it is not packed. */
  private long start;

  /** Lines in all packed panels, and what of them lies before the block. */
  private long packedLines;

  private long linesBefore;
  private long depthBefore;

  /**
   * A place for blocks.
   *
   * @param width lines of a packed panel
   * @param maxLines of a block
   */
  OperandBlock(int width, int maxLines) {
    this.width = width;
    this.maxLines = maxLines;
  }

  /** Reads the block as it is stored. */
  void read(long start, long lineStride, long depthStride) {
    isPacked = false;
    isCopy = false;
    this.start = start;
    this.lineStride = lineStride;
    this.depthStride = depthStride;
  }

  /** Packs the block and reads the copy. */
  void pack(
      MemorySegment source, long start, long lineStride, long depthStride, long lines, long depth) {
    makeRoom(Packing.size(lines, depth, width));
    for (long p = 0; p < depth; p += DEPTH_BLOCK) {
      Packing.pack(
          source,
          start + p * depthStride,
          lineStride,
          depthStride,
          lines,
          Math.min(DEPTH_BLOCK, depth - p),
          width,
          buffer,
          Packing.size(lines, p, width) * ELEMENT);
    }
    readPanels(lines, 0, 0);
    isCopy = true;
  }

  private void makeRoom(long elements) {
    long room = buffer == null ? 0 : Memory.length(buffer) / ELEMENT;
    if (room < elements) {
      // Twice as large at least, so that what is given up is never more than what is kept.
      long most = Packing.size(maxLines, BlockSizes.DEPTH, width);
      buffer = Memory.scratch(Math.min(most, Math.max(elements, 2 * room)));
    }
  }

  /**
   * Reads a part of panels that are the operand.
   *
   * @param lines in all panels
   * @param linesBefore lines before the block, whole panels
   * @param depthBefore steps before the block, whole depth blocks
   */
  void readPanels(long lines, long linesBefore, long depthBefore) {
    isPacked = true;
    isCopy = false;
    lineStride = ELEMENT;
    depthStride = (long) Packing.pitch(width) * ELEMENT;
    packedLines = lines;
    this.linesBefore = linesBefore;
    this.depthBefore = depthBefore;
  }

  /** The memory to read: the operand's, or that of the copy. */
  MemorySegment memory(MemorySegment operand) {
    return isCopy ? buffer : operand;
  }

  long lineStride() {
    return lineStride;
  }

  long depthStride() {
    return depthStride;
  }

  /**
   * Where a tile's lines begin.
   *
   * @param line the tile's first line
   * @param newLine the first line that the tile before does not have, which tells the panel
   * @param depthFrom where the depth block begins, and {@code depth} its steps
   */
  long at(long line, long newLine, long depthFrom, int depth) {
    if (!isPacked) {
      return start + line * lineStride + depthFrom * depthStride;
    }
    long panel = (linesBefore + newLine) / width;
    long panelLine = Math.max(0, Math.min(panel * width, packedLines - width));
    return (Packing.size(packedLines, depthBefore + depthFrom, width)
            + panel * Packing.pitch(width) * depth
            + (linesBefore + line - panelLine))
        * ELEMENT;
  }
}
