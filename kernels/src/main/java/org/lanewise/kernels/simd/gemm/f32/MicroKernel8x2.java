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
import org.lanewise.kernels.simd.Lanes;

/**
 * 8 rows × 2 vectors: 16 sums and 3 operands, for the columns beside whole tiles of {@link
 * MicroKernel4x4}.
 */
final class MicroKernel8x2 implements MicroKernel {
  @Override
  public int rows() {
    return 8;
  }

  @Override
  public int columns() {
    return 2 * COUNT;
  }

  @Override
  public void multiply(
      int depth,
      MemorySegment a,
      long aOffset,
      long aStride,
      MemorySegment b,
      long bOffset,
      long bDepth,
      MemorySegment c,
      long cOffset,
      long cRow) {
    if (depth == 0) {
      return; // see WarmUp
    }
    a = Lanes.memory(a);
    b = Lanes.memory(b);
    c = Lanes.memory(c);
    FloatVector zero = FLOATS.cast(FloatVector.zero(F32));
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
    FloatVector c60 = zero;
    FloatVector c61 = zero;
    FloatVector c70 = zero;
    FloatVector c71 = zero;
    long a1 = aOffset + aStride;
    long a2 = a1 + aStride;
    long a3 = a2 + aStride;
    long a4 = a3 + aStride;
    long a5 = a4 + aStride;
    long a6 = a5 + aStride;
    long a7 = a6 + aStride;
    long bp = bOffset;
    for (int p = 0; p < depth; p++) {
      FloatVector b0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp, ORDER));
      FloatVector b1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp + VECTOR, ORDER));
      long ap = (long) p * ELEMENT;
      FloatVector ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, aOffset + ap)));
      c00 = ar.fma(b0, c00);
      c01 = ar.fma(b1, c01);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, a1 + ap)));
      c10 = ar.fma(b0, c10);
      c11 = ar.fma(b1, c11);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, a2 + ap)));
      c20 = ar.fma(b0, c20);
      c21 = ar.fma(b1, c21);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, a3 + ap)));
      c30 = ar.fma(b0, c30);
      c31 = ar.fma(b1, c31);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, a4 + ap)));
      c40 = ar.fma(b0, c40);
      c41 = ar.fma(b1, c41);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, a5 + ap)));
      c50 = ar.fma(b0, c50);
      c51 = ar.fma(b1, c51);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, a6 + ap)));
      c60 = ar.fma(b0, c60);
      c61 = ar.fma(b1, c61);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, a7 + ap)));
      c70 = ar.fma(b0, c70);
      c71 = ar.fma(b1, c71);
      bp += bDepth;
    }
    long row = cOffset;
    FLOATS.cast(c00).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c01).intoMemorySegment(c, row + VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c10).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c11).intoMemorySegment(c, row + VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c20).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c21).intoMemorySegment(c, row + VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c30).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c31).intoMemorySegment(c, row + VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c40).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c41).intoMemorySegment(c, row + VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c50).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c51).intoMemorySegment(c, row + VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c60).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c61).intoMemorySegment(c, row + VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c70).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c71).intoMemorySegment(c, row + VECTOR, ORDER);
  }
}
