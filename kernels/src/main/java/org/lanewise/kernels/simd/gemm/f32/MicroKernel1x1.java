package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.gemm.f32.Memory.COUNT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.F32;
import static org.lanewise.kernels.simd.gemm.f32.Memory.FLOAT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.simd.Lanes;

/** 1 row × 1 vector, for the columns beside whole tiles of {@link MicroKernel1x4}. */
final class MicroKernel1x1 implements MicroKernel {
  @Override
  public int rows() {
    return 1;
  }

  @Override
  public int columns() {
    return COUNT;
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
    long bp = bOffset;
    for (int p = 0; p < depth; p++) {
      FloatVector b0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, b, bp, ORDER));
      long ap = (long) p * ELEMENT;
      FloatVector ar = FLOATS.cast(FloatVector.broadcast(F32, a.get(FLOAT, aOffset + ap)));
      c00 = ar.fma(b0, c00);
      bp += bDepth;
    }
    FLOATS.cast(c00).intoMemorySegment(c, cOffset, ORDER);
  }
}
