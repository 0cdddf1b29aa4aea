package org.lanewise.kernels.simd.attention;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.INT;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.gemm.f32.Panels;
import org.lanewise.kernels.simd.gemm.f32.Product;

/** What both directions of attention do with tiles of scores. Offsets are in elements. */
final class AttentionTiles {
  private AttentionTiles() {}

  /** Elements of {@link #pack}'s result. */
  static long packedSize(long rows, long columns) {
    return roundUp(rows, Panels.WIDTH) * columns;
  }

  static long roundUp(long length, long multiple) {
    return (length + multiple - 1) / multiple * multiple;
  }

  /**
   * Packs the transpose of {@code scale · x}: rows of x become columns, in panels of {@link
   * Panels#WIDTH}, each a matrix of its own. The rows of a panel are copied first, since memory
   * that is read from start to end arrives sooner.
   */
  static void pack(
      MemorySegment x,
      long from,
      long rowStride,
      long rows,
      long columns,
      float scale,
      MemorySegment panels,
      long to) {
    MemorySegment copy = Scratch.ofThread().buffer(1, Panels.WIDTH * columns);
    for (long i = 0; i < rows; i += Panels.WIDTH) {
      long count = Math.min(Panels.WIDTH, rows - i);
      for (long j = 0; j < count; j++) {
        copyScaled(x, from + (i + j) * rowStride, columns, scale, copy, j * columns);
      }
      Panels.pack(Transpose.YES, count, columns, copy, 0, columns, panels, to + i * columns);
    }
  }

  /** {@code y = factor · x}. */
  private static void copyScaled(
      MemorySegment x, long from, long count, float factor, MemorySegment y, long to) {
    long end = vectorEnd(0, count);
    copyScaledVectors(x, from, end, factor, y, to);
    for (long i = end; i < count; i++) {
      y.setAtIndex(FLOAT, to + i, x.getAtIndex(FLOAT, from + i) * factor);
    }
  }

  private static void copyScaledVectors(
      MemorySegment x, long from, long count, float factor, MemorySegment y, long to) {
    if (count == 0) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    long i = 0;
    while (i != count) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, (from + i) * Float.BYTES, ORDER))
          .mul(factor)
          .intoMemorySegment(y, (to + i) * Float.BYTES, ORDER);
      i += COUNT;
    }
  }

  /** {@code C = A · B} with the first columns of a packed B. */
  static void multiply(
      long rows,
      long columns,
      long depth,
      MemorySegment a,
      long aFrom,
      long aStride,
      MemorySegment panels,
      long panelsFrom,
      MemorySegment c,
      long cFrom,
      long cStride) {
    Product product = Product.ofThread();
    for (long j = 0; j < columns; j += Panels.WIDTH) {
      product
          .size(rows, Math.min(Panels.WIDTH, columns - j), depth)
          .left(1f, Transpose.NO, a, aFrom, aStride)
          .right(Transpose.NO, panels, panelsFrom + j * depth, Panels.WIDTH)
          .result(0f, c, cFrom + j, cStride)
          .run();
    }
  }

  /** {@code x = factor · x + 0}, which is not −0, for elements {@code from ≤ i < to}. */
  static void scale(MemorySegment x, long from, long to, float factor) {
    long end = vectorEnd(from, to);
    scaleVectors(x, from, end, factor);
    for (long i = end; i < to; i++) {
      x.setAtIndex(FLOAT, i, Math.fma(x.getAtIndex(FLOAT, i), factor, 0f));
    }
  }

  private static void scaleVectors(MemorySegment x, long from, long to, float factor) {
    x = Lanes.memory(x);
    FloatVector factors = FloatVector.broadcast(F32, factor);
    for (long i = from; i < to; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER))
          .fma(factors, FloatVector.zero(F32))
          .intoMemorySegment(x, i * Float.BYTES, ORDER);
    }
  }

  /** Sets elements {@code from ≤ i < to}. */
  static void fill(MemorySegment x, long from, long to, float value) {
    for (long i = from; i < to; i++) {
      x.setAtIndex(FLOAT, i, value);
    }
  }

  /** Sets rows of a matrix to 0. */
  static void clearRows(MemorySegment x, long from, long rowStride, long rows, long columns) {
    for (long i = 0; i < rows; i++) {
      fill(x, from + i * rowStride, from + i * rowStride + columns, 0f);
    }
  }

  /** Writes −1 for each key that is excluded, and 0 for others; returns whether there is one. */
  static boolean exclusions(
      MemorySegment mask, long from, long count, MemorySegment excluded, long to) {
    boolean any = false;
    for (long j = 0; j < count; j++) {
      boolean isExcluded = mask.getAtIndex(INT, from + j) == 0;
      excluded.setAtIndex(FLOAT, to + j, isExcluded ? -1f : 0f);
      any |= isExcluded;
    }
    return any;
  }

  /** Whether the mask excludes a key, as {@link #exclusions} wrote it. */
  static boolean isExcluded(MemorySegment excluded, long key) {
    return excluded.getAtIndex(FLOAT, key) < 0f;
  }

  /**
   * Copies rows of keys or values, but of those that are excluded −0, which a weight of 0 adds to
   * sums without a trace, as it does not add NaN.
   */
  static void copyIncluded(
      MemorySegment x,
      long from,
      long rowStride,
      long rows,
      long columns,
      MemorySegment excluded,
      long excludedFrom,
      MemorySegment copy,
      long to) {
    for (long i = 0; i < rows; i++) {
      long at = to + i * columns;
      if (isExcluded(excluded, excludedFrom + i)) {
        fill(copy, at, at + columns, -0f);
      } else {
        copyScaled(x, from + i * rowStride, columns, 1f, copy, at);
      }
    }
  }

  /** Whether rows of a matrix are finite: 0 times an element that is not is NaN. */
  static boolean areFinite(MemorySegment x, long from, long rowStride, long rows, long columns) {
    Scratch scratch = Scratch.ofThread();
    scratch.clearLanes();
    long end = vectorEnd(0, columns);
    for (long i = 0; i < rows; i++) {
      long at = from + i * rowStride;
      addZeros(x, at, end, scratch.lanes);
      for (long j = end; j < columns; j++) {
        scratch.addToLane(j - end, x.getAtIndex(FLOAT, at + j), 0f);
      }
    }
    return scratch.sumOfLanes() == 0f;
  }

  private static void addZeros(MemorySegment x, long from, long count, MemorySegment lanes) {
    if (count == 0) {
      return;
    }
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    FloatVector sums = FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, 0, ORDER));
    long i = 0;
    while (i != count) {
      sums =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (from + i) * Float.BYTES, ORDER))
              .fma(FloatVector.zero(F32), sums);
      i += COUNT;
    }
    FLOATS.cast(sums).intoMemorySegment(lanes, 0, ORDER);
  }

  /** Sets the scores of excluded keys to −∞, in whole vectors. */
  static void exclude(
      MemorySegment scores, long from, long count, MemorySegment excluded, long excludedFrom) {
    if (count == 0) {
      return;
    }
    scores = Lanes.memory(scores);
    excluded = Lanes.memory(excluded);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector score =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, scores, (from + j) * Float.BYTES, ORDER));
      FloatVector flag =
          FLOATS.cast(
              FloatVector.fromMemorySegment(
                  F32, excluded, (excludedFrom + j) * Float.BYTES, ORDER));
      score
          .blend(Float.NEGATIVE_INFINITY, flag.compare(VectorOperators.LT, 0f))
          .intoMemorySegment(scores, (from + j) * Float.BYTES, ORDER);
    }
  }
}
