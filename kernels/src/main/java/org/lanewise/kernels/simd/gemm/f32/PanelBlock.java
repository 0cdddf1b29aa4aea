package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;
import static org.lanewise.kernels.simd.gemm.f32.Packing.B_WIDTH;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.simd.gemm.BlockSizes;

/** A block of op(B) as the micro-kernels read it: as it is stored, or packed. Lines are columns. */
final class PanelBlock {
  private final int maxLines;
  private MemorySegment buffer;

  private boolean isPacked;
  private boolean isCopy;
  private long depthStride;

  /** Where the block begins, and the distance of its lines, if it is not packed. */
  private long start;

  private long lineStride;

  /** Lines in all packed panels, and what of them lies before the block. */
  private long packedLines;

  private long linesBefore;
  private long depthBefore;

  /** A place for blocks of at most so many lines. */
  PanelBlock(int maxLines) {
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
    long most = Packing.size(maxLines, BlockSizes.DEPTH, B_WIDTH);
    buffer = Packing.withRoom(buffer, Packing.size(lines, depth, B_WIDTH), most);
    for (long p = 0; p < depth; p += DEPTH_BLOCK) {
      Packing.pack(
          source,
          start + p * depthStride,
          lineStride,
          depthStride,
          lines,
          Math.min(DEPTH_BLOCK, depth - p),
          B_WIDTH,
          buffer,
          Packing.size(lines, p, B_WIDTH) * ELEMENT);
    }
    readPanels(lines, 0, 0);
    isCopy = true;
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
    depthStride = (long) Packing.pitch(B_WIDTH) * ELEMENT;
    packedLines = lines;
    this.linesBefore = linesBefore;
    this.depthBefore = depthBefore;
  }

  /** The memory to read: the operand's, or that of the copy. */
  MemorySegment memory(MemorySegment operand) {
    return isCopy ? buffer : operand;
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
    long panel = (linesBefore + newLine) / B_WIDTH;
    long panelLine = Math.max(0, Math.min(panel * B_WIDTH, packedLines - B_WIDTH));
    return (Packing.size(packedLines, depthBefore + depthFrom, B_WIDTH)
            + panel * Packing.pitch(B_WIDTH) * depth
            + (linesBefore + line - panelLine))
        * ELEMENT;
  }
}
