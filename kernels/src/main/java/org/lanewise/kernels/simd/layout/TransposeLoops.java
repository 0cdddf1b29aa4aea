package org.lanewise.kernels.simd.layout;

import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.lanewise.kernels.simd.Lanes;

/**
 * Transposes matrices, in squares that fit into registers: after round r of swapping, bit r of a
 * line's number and of the position in the line have changed places.
 *
 * <p>All calls in a loop are of methods that the JIT always inlines. A method as large as these
 * uses up what it grants to others, and vectors that go through a call are objects.
 */
final class TransposeLoops {
  private static final VectorSpecies<Float> SPECIES =
      F32.withShape(VectorShape.forBitSize(Math.min(F32.vectorBitSize(), 256)));

  private static final Class<? extends FloatVector> SQUARES =
      SPECIES.vectorType().asSubclass(FloatVector.class);

  /** Lines of a square: 4 or 8. */
  private static final int LANES = SPECIES.length();

  /** Lines of the result that are written together, of which each page that is read has some. */
  private static final int TILE_LINES = 64;

  /** Columns of it: few enough for what is read to stay in the first-level cache. */
  private static final int TILE_COLUMNS = 64;

  // What the lines of a pair become when a bit of their number and of the position change places
  private static final FloatVector FIRST1 = firstOfPair(1);
  private static final FloatVector SECOND1 = secondOfPair(1);
  private static final FloatVector FIRST2 = firstOfPair(2);
  private static final FloatVector SECOND2 = secondOfPair(2);
  private static final FloatVector FIRST4 = firstOfPair(4);
  private static final FloatVector SECOND4 = secondOfPair(4);

  private TransposeLoops() {}

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

  /**
   * {@code y[yFrom + i · yStride + j] = x[xFrom + j · xStride + i]} for {@code i < lines} and
   * {@code j < columns}.
   */
  static void transpose(
      MemorySegment x,
      long xFrom,
      long xStride,
      MemorySegment y,
      long yFrom,
      long yStride,
      long lines,
      long columns) {
    long wholeLines = lines - lines % LANES;
    long wholeColumns = columns - columns % LANES;
    for (long i = 0; i < wholeLines; i += TILE_LINES) {
      long height = Math.min(TILE_LINES, wholeLines - i);
      for (long j = 0; j < wholeColumns; j += TILE_COLUMNS) {
        long width = Math.min(TILE_COLUMNS, wholeColumns - j);
        tile(
            x,
            xFrom + j * xStride + i,
            xStride,
            y,
            yFrom + i * yStride + j,
            yStride,
            height,
            width);
      }
    }
    elements(
        x,
        xFrom + wholeColumns * xStride,
        xStride,
        y,
        yFrom + wholeColumns,
        yStride,
        wholeLines,
        columns - wholeColumns);
    elements(
        x,
        xFrom + wholeLines,
        xStride,
        y,
        yFrom + wholeLines * yStride,
        yStride,
        lines - wholeLines,
        columns);
  }

  private static void elements(
      MemorySegment x,
      long xFrom,
      long xStride,
      MemorySegment y,
      long yFrom,
      long yStride,
      long lines,
      long columns) {
    for (long i = 0; i < lines; i++) {
      for (long j = 0; j < columns; j++) {
        y.setAtIndex(FLOAT, yFrom + i * yStride + j, x.getAtIndex(FLOAT, xFrom + j * xStride + i));
      }
    }
  }

  private static void tile(
      MemorySegment x,
      long xFrom,
      long xStride,
      MemorySegment y,
      long yFrom,
      long yStride,
      long lines,
      long columns) {
    if (LANES == 8) {
      for (long i = 0; i < lines; i += 8) {
        squares8x8(x, xFrom + i, xStride, y, yFrom + i * yStride, yStride, columns);
      }
    } else {
      for (long i = 0; i < lines; i += 4) {
        squares4x4(x, xFrom + i, xStride, y, yFrom + i * yStride, yStride, columns);
      }
    }
  }

  private static void squares8x8(
      MemorySegment x,
      long xFrom,
      long xStride,
      MemorySegment y,
      long yFrom,
      long yStride,
      long columns) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    FloatVector first1 = SQUARES.cast(FIRST1);
    FloatVector second1 = SQUARES.cast(SECOND1);
    FloatVector first2 = SQUARES.cast(FIRST2);
    FloatVector second2 = SQUARES.cast(SECOND2);
    FloatVector first4 = SQUARES.cast(FIRST4);
    FloatVector second4 = SQUARES.cast(SECOND4);
    long in = xFrom;
    long out = yFrom;
    while (out != yFrom + columns) {
      FloatVector a0 =
          SQUARES.cast(FloatVector.fromMemorySegment(SPECIES, x, in * Float.BYTES, ORDER));
      FloatVector a1 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + xStride) * Float.BYTES, ORDER));
      FloatVector a2 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + 2 * xStride) * Float.BYTES, ORDER));
      FloatVector a3 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + 3 * xStride) * Float.BYTES, ORDER));
      FloatVector a4 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + 4 * xStride) * Float.BYTES, ORDER));
      FloatVector a5 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + 5 * xStride) * Float.BYTES, ORDER));
      FloatVector a6 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + 6 * xStride) * Float.BYTES, ORDER));
      FloatVector a7 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + 7 * xStride) * Float.BYTES, ORDER));

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

      first4.selectFrom(c0, c4).intoMemorySegment(y, out * Float.BYTES, ORDER);
      first4.selectFrom(c1, c5).intoMemorySegment(y, (out + yStride) * Float.BYTES, ORDER);
      first4.selectFrom(c2, c6).intoMemorySegment(y, (out + 2 * yStride) * Float.BYTES, ORDER);
      first4.selectFrom(c3, c7).intoMemorySegment(y, (out + 3 * yStride) * Float.BYTES, ORDER);
      second4.selectFrom(c0, c4).intoMemorySegment(y, (out + 4 * yStride) * Float.BYTES, ORDER);
      second4.selectFrom(c1, c5).intoMemorySegment(y, (out + 5 * yStride) * Float.BYTES, ORDER);
      second4.selectFrom(c2, c6).intoMemorySegment(y, (out + 6 * yStride) * Float.BYTES, ORDER);
      second4.selectFrom(c3, c7).intoMemorySegment(y, (out + 7 * yStride) * Float.BYTES, ORDER);
      in += 8 * xStride;
      out += 8;
    }
  }

  private static void squares4x4(
      MemorySegment x,
      long xFrom,
      long xStride,
      MemorySegment y,
      long yFrom,
      long yStride,
      long columns) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    FloatVector first1 = SQUARES.cast(FIRST1);
    FloatVector second1 = SQUARES.cast(SECOND1);
    FloatVector first2 = SQUARES.cast(FIRST2);
    FloatVector second2 = SQUARES.cast(SECOND2);
    long in = xFrom;
    long out = yFrom;
    while (out != yFrom + columns) {
      FloatVector a0 =
          SQUARES.cast(FloatVector.fromMemorySegment(SPECIES, x, in * Float.BYTES, ORDER));
      FloatVector a1 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + xStride) * Float.BYTES, ORDER));
      FloatVector a2 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + 2 * xStride) * Float.BYTES, ORDER));
      FloatVector a3 =
          SQUARES.cast(
              FloatVector.fromMemorySegment(SPECIES, x, (in + 3 * xStride) * Float.BYTES, ORDER));

      FloatVector b0 = first1.selectFrom(a0, a1);
      FloatVector b1 = second1.selectFrom(a0, a1);
      FloatVector b2 = first1.selectFrom(a2, a3);
      FloatVector b3 = second1.selectFrom(a2, a3);

      first2.selectFrom(b0, b2).intoMemorySegment(y, out * Float.BYTES, ORDER);
      first2.selectFrom(b1, b3).intoMemorySegment(y, (out + yStride) * Float.BYTES, ORDER);
      second2.selectFrom(b0, b2).intoMemorySegment(y, (out + 2 * yStride) * Float.BYTES, ORDER);
      second2.selectFrom(b1, b3).intoMemorySegment(y, (out + 3 * yStride) * Float.BYTES, ORDER);
      in += 4 * xStride;
      out += 4;
    }
  }
}
