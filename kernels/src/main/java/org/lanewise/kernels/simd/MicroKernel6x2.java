package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.BYTES;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** 6 rows × 2 vectors: 12 sums and 3 operands fill the 16 vector registers of AVX2. */
final class MicroKernel6x2 implements MicroKernel {
  private static final int ROWS = 6;
  private static final int COLUMNS = 2 * COUNT;
  private static final long ROW_BYTES = 2L * BYTES;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public void multiply(
      long depth,
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      MemorySegment tile) {
    if (depth == 0) {
      return; // see GemmWarmUp
    }
    FloatVector zero = FloatVector.zero(F32);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    long ap = aOffset;
    long bp = bOffset;
    for (long p = 0; p < depth; p++) {
      FloatVector b0 = FloatVector.fromMemorySegment(F32, b, bp, ORDER);
      FloatVector b1 = FloatVector.fromMemorySegment(F32, b, bp + BYTES, ORDER);
      FloatVector ar = FloatVector.broadcast(F32, a.get(FLOAT, ap));
      c00 = ar.fma(b0, c00);
      c01 = ar.fma(b1, c01);
      ar = FloatVector.broadcast(F32, a.get(FLOAT, ap + 4));
      c10 = ar.fma(b0, c10);
      c11 = ar.fma(b1, c11);
      ar = FloatVector.broadcast(F32, a.get(FLOAT, ap + 8));
      c20 = ar.fma(b0, c20);
      c21 = ar.fma(b1, c21);
      ar = FloatVector.broadcast(F32, a.get(FLOAT, ap + 12));
      c30 = ar.fma(b0, c30);
      c31 = ar.fma(b1, c31);
      ar = FloatVector.broadcast(F32, a.get(FLOAT, ap + 16));
      c40 = ar.fma(b0, c40);
      c41 = ar.fma(b1, c41);
      ar = FloatVector.broadcast(F32, a.get(FLOAT, ap + 20));
      c50 = ar.fma(b0, c50);
      c51 = ar.fma(b1, c51);
      ap += ROWS * Float.BYTES;
      bp += ROW_BYTES;
    }
    c00.intoMemorySegment(tile, 0, ORDER);
    c01.intoMemorySegment(tile, BYTES, ORDER);
    c10.intoMemorySegment(tile, ROW_BYTES, ORDER);
    c11.intoMemorySegment(tile, ROW_BYTES + BYTES, ORDER);
    c20.intoMemorySegment(tile, 2 * ROW_BYTES, ORDER);
    c21.intoMemorySegment(tile, 2 * ROW_BYTES + BYTES, ORDER);
    c30.intoMemorySegment(tile, 3 * ROW_BYTES, ORDER);
    c31.intoMemorySegment(tile, 3 * ROW_BYTES + BYTES, ORDER);
    c40.intoMemorySegment(tile, 4 * ROW_BYTES, ORDER);
    c41.intoMemorySegment(tile, 4 * ROW_BYTES + BYTES, ORDER);
    c50.intoMemorySegment(tile, 5 * ROW_BYTES, ORDER);
    c51.intoMemorySegment(tile, 5 * ROW_BYTES + BYTES, ORDER);
  }
}
