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

/** As {@link MicroKernel4x4}, for op(A) whose columns are contiguous: packed or transposed. */
final class MicroKernel4x4Columns implements MicroKernel {
  @Override
  public int rows() {
    return 4;
  }

  @Override
  public int columns() {
    return 4 * COUNT;
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
    FloatVector c02 = zero;
    FloatVector c03 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c12 = zero;
    FloatVector c13 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c22 = zero;
    FloatVector c23 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c32 = zero;
    FloatVector c33 = zero;
    long ap = aOffset;
    long bp = bOffset;
    long end = bOffset + depth * bDepth;
    while (bp != end) {
      FloatVector b0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp, ORDER));
      FloatVector b1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp + VECTOR, ORDER));
      FloatVector b2 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp + 2 * VECTOR, ORDER));
      FloatVector b3 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp + 3 * VECTOR, ORDER));
      FloatVector ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, ap)));
      c00 = ar.fma(b0, c00);
      c01 = ar.fma(b1, c01);
      c02 = ar.fma(b2, c02);
      c03 = ar.fma(b3, c03);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, ap + ELEMENT)));
      c10 = ar.fma(b0, c10);
      c11 = ar.fma(b1, c11);
      c12 = ar.fma(b2, c12);
      c13 = ar.fma(b3, c13);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, ap + 2 * ELEMENT)));
      c20 = ar.fma(b0, c20);
      c21 = ar.fma(b1, c21);
      c22 = ar.fma(b2, c22);
      c23 = ar.fma(b3, c23);
      ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, ap + 3 * ELEMENT)));
      c30 = ar.fma(b0, c30);
      c31 = ar.fma(b1, c31);
      c32 = ar.fma(b2, c32);
      c33 = ar.fma(b3, c33);
      ap += aStride;
      bp += bDepth;
    }
    long row = cOffset;
    FLOATS.cast(c00).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c01).intoMemorySegment(c, row + VECTOR, ORDER);
    FLOATS.cast(c02).intoMemorySegment(c, row + 2 * VECTOR, ORDER);
    FLOATS.cast(c03).intoMemorySegment(c, row + 3 * VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c10).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c11).intoMemorySegment(c, row + VECTOR, ORDER);
    FLOATS.cast(c12).intoMemorySegment(c, row + 2 * VECTOR, ORDER);
    FLOATS.cast(c13).intoMemorySegment(c, row + 3 * VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c20).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c21).intoMemorySegment(c, row + VECTOR, ORDER);
    FLOATS.cast(c22).intoMemorySegment(c, row + 2 * VECTOR, ORDER);
    FLOATS.cast(c23).intoMemorySegment(c, row + 3 * VECTOR, ORDER);
    row += cRow;
    FLOATS.cast(c30).intoMemorySegment(c, row, ORDER);
    FLOATS.cast(c31).intoMemorySegment(c, row + VECTOR, ORDER);
    FLOATS.cast(c32).intoMemorySegment(c, row + 2 * VECTOR, ORDER);
    FLOATS.cast(c33).intoMemorySegment(c, row + 3 * VECTOR, ORDER);
  }
}
