package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies a block of a GEMM operand into panels: {@code width} lines of the operand (rows of A or
 * columns of B) side by side, so that the micro-kernel reads memory from front to back.
 *
 * <p>Element {@code (line, p)} of a panel lies at float {@code p · width + line}. Lines that a last
 * panel lacks are zero. A vector may be written past the end of its step or panel, since the next
 * step or panel overwrites that, so the target needs {@link #SLACK} bytes after the last panel.
 */
final class Packing {
  /** Lanes of the vectors used here: a panel of A is 6 or 8 floats wide. */
  private static final VectorSpecies<Float> SPECIES =
      COUNT == 4 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_256;

  private static final int LANES = SPECIES.length();

  /** Bytes that may be written after the last panel. */
  static final long SLACK = LANES * (long) Float.BYTES;

  private static final VectorShuffle<Float> SWAP1 = VectorShuffle.fromOp(SPECIES, i -> i ^ 1);
  private static final VectorShuffle<Float> SWAP2 = VectorShuffle.fromOp(SPECIES, i -> i ^ 2);
  private static final VectorShuffle<Float> SWAP4 =
      VectorShuffle.fromOp(SPECIES, i -> (i ^ 4) % LANES);
  private static final VectorMask<Float> BIT0 = lanesWithBit(1);
  private static final VectorMask<Float> BIT1 = lanesWithBit(2);
  private static final VectorMask<Float> BIT2 = lanesWithBit(4);

  private Packing() {}

  private static VectorMask<Float> lanesWithBit(int bit) {
    boolean[] set = new boolean[LANES];
    for (int i = 0; i < LANES; i++) {
      set[i] = (i & bit) != 0;
    }
    return VectorMask.fromArray(SPECIES, set, 0);
  }

  /**
   * Packs {@code lines} lines of {@code depth} elements. Exactly one of the strides, in floats, is
   * 1: {@code lineStride} for an operand whose lines lie side by side in memory, {@code
   * depthStride} for one that has to be transposed.
   *
   * @param offset byte offset of the block's first element in {@code source}
   */
  static void pack(
      MemorySegment source,
      long offset,
      long lineStride,
      long depthStride,
      long lines,
      long depth,
      int width,
      MemorySegment target) {
    long lineBytes = lineStride * Float.BYTES;
    long panelBytes = depth * width * Float.BYTES;
    long to = 0;
    for (long line = 0; line < lines; line += width, to += panelBytes) {
      long from = offset + line * lineBytes;
      if (lines - line < width) {
        packPartial(
            source, from, lineStride, depthStride, (int) (lines - line), depth, width, target, to);
      } else if (depthStride == 1) {
        transpose(source, from, lineBytes, depth, width, target, to);
      } else {
        copy(source, from, depthStride * Float.BYTES, depth, width, target, to);
      }
    }
  }

  private static void packPartial(
      MemorySegment source,
      long from,
      long lineStride,
      long depthStride,
      int lines,
      long depth,
      int width,
      MemorySegment target,
      long to) {
    for (long p = 0; p < depth; p++) {
      for (int line = 0; line < width; line++) {
        float value =
            line < lines
                ? source.get(FLOAT, from + (line * lineStride + p * depthStride) * Float.BYTES)
                : 0f;
        target.set(FLOAT, to + (p * width + line) * Float.BYTES, value);
      }
    }
  }

  /** Lines side by side: each step of the panel is contiguous in the source. */
  private static void copy(
      MemorySegment source,
      long from,
      long depthBytes,
      long depth,
      int width,
      MemorySegment target,
      long to) {
    int roundedWidth = (width + LANES - 1) / LANES * LANES;
    long room = source.byteSize() - from - (long) roundedWidth * Float.BYTES;
    long vectorSteps = room < 0 ? 0 : Math.min(depth, room / Math.max(depthBytes, 1) + 1);
    long stepBytes = (long) width * Float.BYTES;
    copySteps(source, from, depthBytes, vectorSteps, width, target, to, stepBytes);
    for (long p = vectorSteps; p < depth; p++) {
      for (int line = 0; line < width; line++) {
        target.set(
            FLOAT,
            to + p * stepBytes + (long) line * Float.BYTES,
            source.get(FLOAT, from + p * depthBytes + (long) line * Float.BYTES));
      }
    }
  }

  static void copySteps(
      MemorySegment source,
      long from,
      long depthBytes,
      long steps,
      int width,
      MemorySegment target,
      long to,
      long stepBytes) {
    if (steps == 0) {
      return;
    }
    for (long p = 0; p < steps; p++) {
      for (long line = 0; line < width * (long) Float.BYTES; line += LANES * Float.BYTES) {
        FloatVector.fromMemorySegment(SPECIES, source, from + p * depthBytes + line, ORDER)
            .intoMemorySegment(target, to + p * stepBytes + line, ORDER);
      }
    }
  }

  /** Depth contiguous in the source: squares of 8 × 8 are transposed in registers. */
  private static void transpose(
      MemorySegment source,
      long from,
      long lineBytes,
      long depth,
      int width,
      MemorySegment target,
      long to) {
    long squares = LANES == 8 ? depth / 8 : 0;
    long stepBytes = (long) width * Float.BYTES;
    for (int line = 0; line < width; line += 8) {
      transposeSquares(
          source,
          from + line * lineBytes,
          lineBytes,
          Math.min(7, width - 1 - line),
          squares,
          target,
          to + (long) line * Float.BYTES,
          stepBytes);
    }
    for (long p = 8 * squares; p < depth; p++) {
      for (int line = 0; line < width; line++) {
        target.set(
            FLOAT,
            to + p * stepBytes + (long) line * Float.BYTES,
            source.get(FLOAT, from + line * lineBytes + p * Float.BYTES));
      }
    }
  }

  /**
   * Transposes each square by three rounds of swapping: after round r, bit r of the line number and
   * of the position in the line have changed places. Lines past {@code last} repeat it.
   *
   * <p>All calls are of methods that the JIT always inlines. A method as large as this one uses up
   * what it grants to others, and vectors that go through a call are objects.
   */
  static void transposeSquares(
      MemorySegment source,
      long from,
      long lineBytes,
      int last,
      long squares,
      MemorySegment target,
      long to,
      long stepBytes) {
    if (squares == 0) {
      return;
    }
    long line1 = Math.min(1, last) * lineBytes;
    long line2 = Math.min(2, last) * lineBytes;
    long line3 = Math.min(3, last) * lineBytes;
    long line4 = Math.min(4, last) * lineBytes;
    long line5 = Math.min(5, last) * lineBytes;
    long line6 = Math.min(6, last) * lineBytes;
    long line7 = Math.min(7, last) * lineBytes;
    for (long square = 0; square < squares; square++) {
      long in = from + square * 8 * Float.BYTES;
      long out = to + square * 8 * stepBytes;
      FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, source, in, ORDER);
      FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, source, in + line1, ORDER);
      FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, source, in + line2, ORDER);
      FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, source, in + line3, ORDER);
      FloatVector a4 = FloatVector.fromMemorySegment(SPECIES, source, in + line4, ORDER);
      FloatVector a5 = FloatVector.fromMemorySegment(SPECIES, source, in + line5, ORDER);
      FloatVector a6 = FloatVector.fromMemorySegment(SPECIES, source, in + line6, ORDER);
      FloatVector a7 = FloatVector.fromMemorySegment(SPECIES, source, in + line7, ORDER);

      FloatVector b0 = a0.blend(a1.rearrange(SWAP1), BIT0);
      FloatVector b1 = a0.rearrange(SWAP1).blend(a1, BIT0);
      FloatVector b2 = a2.blend(a3.rearrange(SWAP1), BIT0);
      FloatVector b3 = a2.rearrange(SWAP1).blend(a3, BIT0);
      FloatVector b4 = a4.blend(a5.rearrange(SWAP1), BIT0);
      FloatVector b5 = a4.rearrange(SWAP1).blend(a5, BIT0);
      FloatVector b6 = a6.blend(a7.rearrange(SWAP1), BIT0);
      FloatVector b7 = a6.rearrange(SWAP1).blend(a7, BIT0);

      FloatVector c0 = b0.blend(b2.rearrange(SWAP2), BIT1);
      FloatVector c2 = b0.rearrange(SWAP2).blend(b2, BIT1);
      FloatVector c1 = b1.blend(b3.rearrange(SWAP2), BIT1);
      FloatVector c3 = b1.rearrange(SWAP2).blend(b3, BIT1);
      FloatVector c4 = b4.blend(b6.rearrange(SWAP2), BIT1);
      FloatVector c6 = b4.rearrange(SWAP2).blend(b6, BIT1);
      FloatVector c5 = b5.blend(b7.rearrange(SWAP2), BIT1);
      FloatVector c7 = b5.rearrange(SWAP2).blend(b7, BIT1);

      c0.blend(c4.rearrange(SWAP4), BIT2).intoMemorySegment(target, out, ORDER);
      c1.blend(c5.rearrange(SWAP4), BIT2).intoMemorySegment(target, out + stepBytes, ORDER);
      c2.blend(c6.rearrange(SWAP4), BIT2).intoMemorySegment(target, out + 2 * stepBytes, ORDER);
      c3.blend(c7.rearrange(SWAP4), BIT2).intoMemorySegment(target, out + 3 * stepBytes, ORDER);
      c0.rearrange(SWAP4).blend(c4, BIT2).intoMemorySegment(target, out + 4 * stepBytes, ORDER);
      c1.rearrange(SWAP4).blend(c5, BIT2).intoMemorySegment(target, out + 5 * stepBytes, ORDER);
      c2.rearrange(SWAP4).blend(c6, BIT2).intoMemorySegment(target, out + 6 * stepBytes, ORDER);
      c3.rearrange(SWAP4).blend(c7, BIT2).intoMemorySegment(target, out + 7 * stepBytes, ORDER);
    }
  }
}
