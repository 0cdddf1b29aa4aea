package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.gemm.f32.Memory.COUNT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.F32;
import static org.lanewise.kernels.simd.gemm.f32.Memory.FLOAT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ORDER;
import static org.lanewise.kernels.simd.gemm.f32.Memory.VECTOR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.lanewise.kernels.simd.Lanes;

/**
 * Copies a block of an operand into panels: {@code width} lines of the operand (rows of op(A) or
 * columns of op(B)) side by side, so that the micro-kernel reads memory from front to back.
 *
 * <p>Element {@code (line, p)} of a panel lies at {@code p · pitch(width) + line}. The last panel
 * ends with the last line, and so has lines of the panel before it too. What a panel has beyond its
 * lines is undefined.
 */
final class Packing {
  /** Lanes of the vectors used here, of which squares are transposed in registers. */
  private static final VectorSpecies<Float> SPECIES = atMost8Lanes();

  private static final Class<? extends FloatVector> PANELS =
      SPECIES.vectorType().asSubclass(FloatVector.class);

  private static final int LANES = SPECIES.length();

  /** Lines of a panel of B. */
  static final int B_WIDTH = MicroKernels.TILE_COLUMNS;

  // What the lines of a pair become when a bit of their number and of the position change places
  private static final FloatVector FIRST1 = firstOfPair(1);
  private static final FloatVector SECOND1 = secondOfPair(1);
  private static final FloatVector FIRST2 = firstOfPair(2);
  private static final FloatVector SECOND2 = secondOfPair(2);
  private static final FloatVector FIRST4 = firstOfPair(4);
  private static final FloatVector SECOND4 = secondOfPair(4);

  private Packing() {}

  private static VectorSpecies<Float> atMost8Lanes() {
    int bits = Math.min(F32.vectorBitSize(), 8 * F32.elementSize());
    return F32.withShape(VectorShape.forBitSize(bits));
  }

  /** Indices into a pair of vectors, counted on from the first into the second one. */
  private static FloatVector firstOfPair(int bit) {
    float[] indices = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      indices[i] = (i & bit) == 0 ? i : LANES + i - bit;
    }
    return FloatVector.fromArray(SPECIES, indices, 0);
  }

  private static FloatVector secondOfPair(int bit) {
    float[] indices = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      indices[i] = (i & bit) == 0 ? (i + bit) % LANES : LANES + i;
    }
    return FloatVector.fromArray(SPECIES, indices, 0);
  }

  /** Elements from one step of a panel to the next: whole vectors. */
  static int pitch(int width) {
    return (width + LANES - 1) / LANES * LANES;
  }

  /**
   * A buffer with room, which is the one that is there, if it has.
   *
   * @param buffer the one that is there, or null
   * @param elements that are needed
   * @param most elements that will ever be
   */
  static MemorySegment withRoom(MemorySegment buffer, long elements, long most) {
    long room = buffer == null ? 0 : Memory.length(buffer) / ELEMENT;
    // Twice as large at least, so that what is given up is never more than what is kept.
    return room >= elements ? buffer : Memory.scratch(Math.min(most, Math.max(elements, 2 * room)));
  }

  /** Elements of a packed block. */
  static long size(long lines, long depth, int width) {
    return (lines + width - 1) / width * pitch(width) * depth;
  }

  /**
   * Packs {@code lines} lines of {@code depth} elements. Exactly one of the strides is that of
   * neighbours: {@code lineStride} for an operand whose lines lie side by side in memory, {@code
   * depthStride} for one that has to be transposed.
   *
   * @param offset of the block's first element in {@code source}
   */
  static void pack(
      MemorySegment source,
      long offset,
      long lineStride,
      long depthStride,
      long lines,
      long depth,
      int width,
      MemorySegment target,
      long targetOffset) {
    int whole = (int) Math.min(width, lines);
    long step = (long) pitch(width) * ELEMENT;
    long panel = depth * step;
    long to = targetOffset;
    for (long line = 0; line < lines; line += width, to += panel) {
      long from = offset + Math.min(line, lines - whole) * lineStride;
      if (depthStride == ELEMENT) {
        transpose(source, from, lineStride, whole, depth, target, to, step);
      } else {
        copy(source, from, depthStride, whole, depth, target, to, step);
      }
    }
  }

  /** Lines side by side: each step of the panel is contiguous in the source. */
  private static void copy(
      MemorySegment source,
      long from,
      long depthStride,
      int lines,
      long depth,
      MemorySegment target,
      long to,
      long step) {
    int line = 0;
    for (; line + 4 * COUNT <= lines; line += 4 * COUNT) {
      long at = (long) line * ELEMENT;
      copy4Vectors(source, from + at, depthStride, depth, target, to + at, step);
    }
    for (; line < lines; line += LANES) {
      long at = (long) line * ELEMENT;
      // A vector may read past the lines, but not past the end of memory. Depth steps may be 0.
      long room = Memory.length(source) - from - at - (long) LANES * ELEMENT;
      long safe = room < 0 ? 0 : Math.min(depth, room / Math.max(1, depthStride) + 1);
      copyVector(source, from + at, depthStride, safe, target, to + at, step);
      copyElements(
          source,
          from + at + safe * depthStride,
          depthStride,
          Math.min(LANES, lines - line),
          depth - safe,
          target,
          to + at + safe * step,
          step);
    }
  }

  static void copy4Vectors(
      MemorySegment source,
      long from,
      long depthStride,
      long steps,
      MemorySegment target,
      long to,
      long step) {
    source = Lanes.memory(source);
    target = Lanes.memory(target);
    long in = from;
    long out = to;
    long end = to + steps * step;
    while (out != end) {
      FloatVector v0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, source, in, ORDER));
      FloatVector v1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, source, in + VECTOR, ORDER));
      FloatVector v2 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, source, in + 2 * VECTOR, ORDER));
      FloatVector v3 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, source, in + 3 * VECTOR, ORDER));
      v0.intoMemorySegment(target, out, ORDER);
      v1.intoMemorySegment(target, out + VECTOR, ORDER);
      v2.intoMemorySegment(target, out + 2 * VECTOR, ORDER);
      v3.intoMemorySegment(target, out + 3 * VECTOR, ORDER);
      in += depthStride;
      out += step;
    }
  }

  static void copyVector(
      MemorySegment source,
      long from,
      long depthStride,
      long steps,
      MemorySegment target,
      long to,
      long step) {
    source = Lanes.memory(source);
    target = Lanes.memory(target);
    long in = from;
    long out = to;
    long end = to + steps * step;
    while (out != end) {
      PANELS
          .cast(FloatVector.fromMemorySegment(SPECIES, source, in, ORDER))
          .intoMemorySegment(target, out, ORDER);
      in += depthStride;
      out += step;
    }
  }

  private static void copyElements(
      MemorySegment source,
      long from,
      long depthStride,
      int lines,
      long steps,
      MemorySegment target,
      long to,
      long step) {
    for (long p = 0; p < steps; p++) {
      long in = from + p * depthStride;
      long out = to + p * step;
      for (int line = 0; line < lines; line++) {
        target.set(FLOAT, out, source.get(FLOAT, in));
        in += ELEMENT;
        out += ELEMENT;
      }
    }
  }

  /** Depth contiguous in the source: squares are transposed in registers. */
  private static void transpose(
      MemorySegment source,
      long from,
      long lineStride,
      int lines,
      long depth,
      MemorySegment target,
      long to,
      long step) {
    long squares = LANES < 4 ? 0 : depth / LANES;
    for (int line = 0; line < lines; line += LANES) {
      int last = Math.min(LANES, lines - line) - 1;
      long squareFrom = from + line * lineStride;
      long squareTo = to + (long) line * ELEMENT;
      if (LANES == 8) {
        transpose8x8(source, squareFrom, lineStride, last, squares, target, squareTo, step);
      } else {
        transpose4x4(source, squareFrom, lineStride, last, squares, target, squareTo, step);
      }
    }
    for (long p = squares * LANES; p < depth; p++) {
      for (int line = 0; line < lines; line++) {
        target.set(
            FLOAT,
            to + p * step + (long) line * ELEMENT,
            source.get(FLOAT, from + line * lineStride + p * ELEMENT));
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
  static void transpose8x8(
      MemorySegment source,
      long from,
      long lineStride,
      int last,
      long squares,
      MemorySegment target,
      long to,
      long step) {
    if (squares == 0) {
      return;
    }
    source = Lanes.memory(source);
    target = Lanes.memory(target);
    long line1 = Math.min(1, last) * lineStride;
    long line2 = Math.min(2, last) * lineStride;
    long line3 = Math.min(3, last) * lineStride;
    long line4 = Math.min(4, last) * lineStride;
    long line5 = Math.min(5, last) * lineStride;
    long line6 = Math.min(6, last) * lineStride;
    long line7 = Math.min(7, last) * lineStride;
    FloatVector first1 = PANELS.cast(FIRST1);
    FloatVector second1 = PANELS.cast(SECOND1);
    FloatVector first2 = PANELS.cast(FIRST2);
    FloatVector second2 = PANELS.cast(SECOND2);
    FloatVector first4 = PANELS.cast(FIRST4);
    FloatVector second4 = PANELS.cast(SECOND4);
    for (long square = 0; square < squares; square++) {
      long in = from + square * 8 * ELEMENT;
      long out = to + square * 8 * step;
      FloatVector a0 = PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in, ORDER));
      FloatVector a1 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line1, ORDER));
      FloatVector a2 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line2, ORDER));
      FloatVector a3 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line3, ORDER));
      FloatVector a4 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line4, ORDER));
      FloatVector a5 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line5, ORDER));
      FloatVector a6 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line6, ORDER));
      FloatVector a7 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line7, ORDER));

      FloatVector b0 = first1.selectFrom(a0, a1);
      FloatVector b1 = second1.selectFrom(a0, a1);
      FloatVector b2 = first1.selectFrom(a2, a3);
      FloatVector b3 = second1.selectFrom(a2, a3);
      FloatVector b4 = first1.selectFrom(a4, a5);
      FloatVector b5 = second1.selectFrom(a4, a5);
      FloatVector b6 = first1.selectFrom(a6, a7);
      FloatVector b7 = second1.selectFrom(a6, a7);

      FloatVector c0 = first2.selectFrom(b0, b2);
      FloatVector c2 = second2.selectFrom(b0, b2);
      FloatVector c1 = first2.selectFrom(b1, b3);
      FloatVector c3 = second2.selectFrom(b1, b3);
      FloatVector c4 = first2.selectFrom(b4, b6);
      FloatVector c6 = second2.selectFrom(b4, b6);
      FloatVector c5 = first2.selectFrom(b5, b7);
      FloatVector c7 = second2.selectFrom(b5, b7);

      first4.selectFrom(c0, c4).intoMemorySegment(target, out, ORDER);
      first4.selectFrom(c1, c5).intoMemorySegment(target, out + step, ORDER);
      first4.selectFrom(c2, c6).intoMemorySegment(target, out + 2 * step, ORDER);
      first4.selectFrom(c3, c7).intoMemorySegment(target, out + 3 * step, ORDER);
      second4.selectFrom(c0, c4).intoMemorySegment(target, out + 4 * step, ORDER);
      second4.selectFrom(c1, c5).intoMemorySegment(target, out + 5 * step, ORDER);
      second4.selectFrom(c2, c6).intoMemorySegment(target, out + 6 * step, ORDER);
      second4.selectFrom(c3, c7).intoMemorySegment(target, out + 7 * step, ORDER);
    }
  }

  /** As {@link #transpose8x8}, for vectors of 4 lanes. */
  static void transpose4x4(
      MemorySegment source,
      long from,
      long lineStride,
      int last,
      long squares,
      MemorySegment target,
      long to,
      long step) {
    if (squares == 0) {
      return;
    }
    source = Lanes.memory(source);
    target = Lanes.memory(target);
    long line1 = Math.min(1, last) * lineStride;
    long line2 = Math.min(2, last) * lineStride;
    long line3 = Math.min(3, last) * lineStride;
    FloatVector first1 = PANELS.cast(FIRST1);
    FloatVector second1 = PANELS.cast(SECOND1);
    FloatVector first2 = PANELS.cast(FIRST2);
    FloatVector second2 = PANELS.cast(SECOND2);
    for (long square = 0; square < squares; square++) {
      long in = from + square * 4 * ELEMENT;
      long out = to + square * 4 * step;
      FloatVector a0 = PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in, ORDER));
      FloatVector a1 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line1, ORDER));
      FloatVector a2 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line2, ORDER));
      FloatVector a3 =
          PANELS.cast(FloatVector.fromMemorySegment(SPECIES, source, in + line3, ORDER));

      FloatVector b0 = first1.selectFrom(a0, a1);
      FloatVector b1 = second1.selectFrom(a0, a1);
      FloatVector b2 = first1.selectFrom(a2, a3);
      FloatVector b3 = second1.selectFrom(a2, a3);

      first2.selectFrom(b0, b2).intoMemorySegment(target, out, ORDER);
      first2.selectFrom(b1, b3).intoMemorySegment(target, out + step, ORDER);
      second2.selectFrom(b0, b2).intoMemorySegment(target, out + 2 * step, ORDER);
      second2.selectFrom(b1, b3).intoMemorySegment(target, out + 3 * step, ORDER);
    }
  }

  /** Calls each loop with nothing to do, see {@link WarmUp}. */
  static void callEmpty(MemorySegment memory) {
    copy4Vectors(memory, 0, 0, 0, memory, 0, 0);
    copyVector(memory, 0, 0, 0, memory, 0, 0);
    transpose8x8(memory, 0, 0, 0, 0, memory, 0, 0);
    transpose4x4(memory, 0, 0, 0, 0, memory, 0, 0);
  }
}
