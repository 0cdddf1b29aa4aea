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

/** 1 row × 4 vectors, for matrices with fewer rows than a tile. */
final class MicroKernel1x4 implements MicroKernel {
  @Override
  public int rows() {
    return 1;
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
    long bp = bOffset;
    for (int p = 0; p < depth; p++) {
      FloatVector b0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp, ORDER));
      FloatVector b1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp + VECTOR, ORDER));
      FloatVector b2 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp + 2 * VECTOR, ORDER));
      FloatVector b3 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp + 3 * VECTOR, ORDER));
      long ap = (long) p * ELEMENT;
      FloatVector ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, aOffset + ap)));
      c00 = ar.fma(b0, c00);
      c01 = ar.fma(b1, c01);
      c02 = ar.fma(b2, c02);
      c03 = ar.fma(b3, c03);
      bp += bDepth;
    }
    FLOATS.cast(c00).intoMemorySegment(c, cOffset, ORDER);
    FLOATS.cast(c01).intoMemorySegment(c, cOffset + VECTOR, ORDER);
    FLOATS.cast(c02).intoMemorySegment(c, cOffset + 2 * VECTOR, ORDER);
    FLOATS.cast(c03).intoMemorySegment(c, cOffset + 3 * VECTOR, ORDER);
  }
}
