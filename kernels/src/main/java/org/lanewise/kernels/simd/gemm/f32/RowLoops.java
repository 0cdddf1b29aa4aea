package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.gemm.f32.Memory.BYTES;
import static org.lanewise.kernels.simd.gemm.f32.Memory.COUNT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.F32;
import static org.lanewise.kernels.simd.gemm.f32.Memory.FLOAT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ORDER;
import static org.lanewise.kernels.simd.gemm.f32.Memory.VECTOR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.gemm.BlockSizes;
import org.lanewise.kernels.workspace.PerWorkspace;
import org.lanewise.kernels.workspace.Workspace;

/**
 * Products with fewer rows than a tile has, which read B once and are as fast as that goes: B
 * passes by in long stretches of eight rows, as memory gives them best, and the sums wait in the
 * first-level cache.
 */
final class RowLoops {
  /**
   * Columns at a time. Longer stretches would be better for memory, but their sums would leave the
   * first-level cache.
   */
  private static final int STRETCH = 4096;

  /** Columns that {@link TileEpilogue} takes at a time. */
  private static final int EPILOGUE = 1024;

  private static final PerWorkspace<RowLoops> INSTANCES = PerWorkspace.of(RowLoops::new);

  private final MemorySegment sums = Memory.scratch((long) MicroKernels.TILE_ROWS * STRETCH);

  static RowLoops in(Workspace workspace) {
    return INSTANCES.in(workspace);
  }

  /** Whether these loops are for a rectangle of C: B is read once, and from beyond the caches. */
  static boolean areFor(Product product, long rows, long columns) {
    return rows < MicroKernels.TILE_ROWS
        && !product.isPacked
        && product.bColumn == ELEMENT
        && product.hasSums()
        && BlockSizes.isLarge(columns, product.depth, BYTES);
  }

  /** Computes a rectangle of one matrix of a batch. */
  void multiply(
      Product product, long matrix, long rowFrom, long rowTo, long columnFrom, long columnTo) {
    for (long j = columnFrom; j < columnTo; j += STRETCH) {
      int columns = (int) Math.min(STRETCH, columnTo - j);
      for (long p = 0; p < product.depth; p += DEPTH_BLOCK) {
        int depth = (int) Math.min(DEPTH_BLOCK, product.depth - p);
        Memory.clear(sums);
        addProducts(product, matrix, rowFrom, rowTo, j, columns, p, depth);
        for (long i = rowFrom; i < rowTo; i++) {
          long to = product.cStart(matrix) + i * product.cRow + j * ELEMENT;
          TileMerge.scale(
              sums,
              (i - rowFrom) * STRETCH * ELEMENT,
              0,
              1,
              columns,
              product.alpha,
              p == 0 ? product.beta : 1f,
              product.c,
              to,
              0);
          if (p + depth == product.depth && product.epilogue.isPresent()) {
            for (int x = 0; x < columns; x += EPILOGUE) {
              int width = Math.min(EPILOGUE, columns - x);
              TileEpilogue.apply(product, matrix, i, j + x, 1, width, to + x * ELEMENT);
            }
          }
        }
      }
    }
  }

  private void addProducts(
      Product product,
      long matrix,
      long rowFrom,
      long rowTo,
      long j,
      int columns,
      long depthFrom,
      int depth) {
    long bAt = product.bStart(matrix) + depthFrom * product.bDepth + j * ELEMENT;
    long aAt = product.aStart(matrix) + depthFrom * product.aDepth;
    int wide = columns / (2 * COUNT) * (2 * COUNT);
    for (int p = 0; p < depth; p += 8) {
      boolean whole = depth - p >= 8;
      for (long i = rowFrom; i < rowTo; i++) {
        long aRow = aAt + i * product.aRow;
        long sumsRow = (i - rowFrom) * STRETCH * ELEMENT;
        if (whole) {
          add8(
              product.a,
              aRow + p * product.aDepth,
              product.aDepth,
              product.b,
              bAt + p * product.bDepth,
              product.bDepth,
              wide,
              sums,
              sumsRow);
        }
        int begin = whole ? wide : 0;
        for (int q = p; q < Math.min(depth, p + 8); q++) {
          add1(
              product.a.get(FLOAT, aRow + q * product.aDepth),
              product.b,
              bAt + q * product.bDepth + begin * ELEMENT,
              columns - begin,
              sums,
              sumsRow + begin * ELEMENT);
        }
      }
    }
  }

  /**
   * Adds eight elements of A times as many rows of B, one after the other, in an even number of
   * vectors.
   */
  static void add8(
      MemorySegment a,
      long aAt,
      long aDepth,
      MemorySegment b,
      long bAt,
      long bDepth,
      int columns,
      MemorySegment sums,
      long sumsAt) {
    if (columns == 0) {
      return;
    }
    a = Lanes.memory(a);
    b = Lanes.memory(b);
    sums = Lanes.memory(sums);
    long at = aAt;
    float a0 = a.get(FLOAT, at);
    at += aDepth;
    float a1 = a.get(FLOAT, at);
    at += aDepth;
    float a2 = a.get(FLOAT, at);
    at += aDepth;
    float a3 = a.get(FLOAT, at);
    at += aDepth;
    float a4 = a.get(FLOAT, at);
    at += aDepth;
    float a5 = a.get(FLOAT, at);
    at += aDepth;
    float a6 = a.get(FLOAT, at);
    at += aDepth;
    float a7 = a.get(FLOAT, at);
    long bp = bAt;
    long to = sumsAt;
    long end = sumsAt + (long) columns * ELEMENT;
    while (to != end) {
      FloatVector s0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, sums, to, ORDER));
      FloatVector s1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, sums, to + VECTOR, ORDER));
      long row = bp;
      FloatVector ar = FLOATS.cast(FloatVector.broadcast(F32, a0));
      s0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row, ORDER)).fma(ar, s0);
      s1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row + VECTOR, ORDER)).fma(ar, s1);
      row += bDepth;
      ar = FLOATS.cast(FloatVector.broadcast(F32, a1));
      s0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row, ORDER)).fma(ar, s0);
      s1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row + VECTOR, ORDER)).fma(ar, s1);
      row += bDepth;
      ar = FLOATS.cast(FloatVector.broadcast(F32, a2));
      s0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row, ORDER)).fma(ar, s0);
      s1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row + VECTOR, ORDER)).fma(ar, s1);
      row += bDepth;
      ar = FLOATS.cast(FloatVector.broadcast(F32, a3));
      s0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row, ORDER)).fma(ar, s0);
      s1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row + VECTOR, ORDER)).fma(ar, s1);
      row += bDepth;
      ar = FLOATS.cast(FloatVector.broadcast(F32, a4));
      s0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row, ORDER)).fma(ar, s0);
      s1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row + VECTOR, ORDER)).fma(ar, s1);
      row += bDepth;
      ar = FLOATS.cast(FloatVector.broadcast(F32, a5));
      s0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row, ORDER)).fma(ar, s0);
      s1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row + VECTOR, ORDER)).fma(ar, s1);
      row += bDepth;
      ar = FLOATS.cast(FloatVector.broadcast(F32, a6));
      s0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row, ORDER)).fma(ar, s0);
      s1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row + VECTOR, ORDER)).fma(ar, s1);
      row += bDepth;
      ar = FLOATS.cast(FloatVector.broadcast(F32, a7));
      s0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row, ORDER)).fma(ar, s0);
      s1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, row + VECTOR, ORDER)).fma(ar, s1);
      s0.intoMemorySegment(sums, to, ORDER);
      s1.intoMemorySegment(sums, to + VECTOR, ORDER);
      bp += 2 * VECTOR;
      to += 2 * VECTOR;
    }
  }

  /** Adds an element of A times a row of B. */
  static void add1(
      float a, MemorySegment b, long bAt, int columns, MemorySegment sums, long sumsAt) {
    b = Lanes.memory(b);
    sums = Lanes.memory(sums);
    long bp = bAt;
    long to = sumsAt;
    long end = sumsAt + (long) (columns / COUNT) * VECTOR;
    while (to != end) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, b, bp, ORDER))
          .fma(
              FLOATS.cast(FloatVector.broadcast(F32, a)),
              FLOATS.cast(FloatVector.fromMemorySegment(F32, sums, to, ORDER)))
          .intoMemorySegment(sums, to, ORDER);
      bp += VECTOR;
      to += VECTOR;
    }
    for (int j = columns / COUNT * COUNT; j < columns; j++) {
      sums.set(FLOAT, to, Math.fma(b.get(FLOAT, bp), a, sums.get(FLOAT, to)));
      bp += ELEMENT;
      to += ELEMENT;
    }
  }
}
