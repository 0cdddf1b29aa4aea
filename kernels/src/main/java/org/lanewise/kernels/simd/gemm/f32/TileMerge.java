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

/** What happens to a tile of products on its way into C. */
final class TileMerge {
  private TileMerge() {}

  /** {@code target = α·tile + β·target}; β = 0 does not read the target. */
  static void scale(
      MemorySegment tile,
      long tileOffset,
      long tileRow,
      int rows,
      int columns,
      float alpha,
      float beta,
      MemorySegment target,
      long targetOffset,
      long targetRow) {
    tile = Lanes.memory(tile);
    target = Lanes.memory(target);
    int vectors = columns / COUNT;
    for (int i = 0; i < rows; i++) {
      long from = tileOffset + i * tileRow;
      long to = targetOffset + i * targetRow;
      for (int v = 0; v < vectors; v++) {
        FloatVector sum = FLOATS.cast(FloatVector.fromMemorySegment(F32, tile, from, ORDER));
        if (beta == 0f) {
          sum = sum.mul(alpha);
        } else {
          FloatVector old = FLOATS.cast(FloatVector.fromMemorySegment(F32, target, to, ORDER));
          sum = sum.fma(FLOATS.cast(FloatVector.broadcast(F32, alpha)), old.mul(beta));
        }
        sum.intoMemorySegment(target, to, ORDER);
        from += VECTOR;
        to += VECTOR;
      }
      for (int j = vectors * COUNT; j < columns; j++) {
        float sum = tile.get(FLOAT, from);
        sum = beta == 0f ? sum * alpha : Math.fma(sum, alpha, target.get(FLOAT, to) * beta);
        target.set(FLOAT, to, sum);
        from += ELEMENT;
        to += ELEMENT;
      }
    }
  }

  /** {@code target += tile}, for tiles whose columns are whole groups of 4 vectors. */
  static void add4(
      MemorySegment tile,
      long tileOffset,
      long tileRow,
      int rows,
      MemorySegment target,
      long targetOffset,
      long targetRow) {
    tile = Lanes.memory(tile);
    target = Lanes.memory(target);
    long from = tileOffset;
    long to = targetOffset;
    long end = tileOffset + rows * tileRow;
    while (from != end) {
      FloatVector t0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, tile, from, ORDER));
      FloatVector t1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, tile, from + VECTOR, ORDER));
      FloatVector t2 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, tile, from + 2 * VECTOR, ORDER));
      FloatVector t3 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, tile, from + 3 * VECTOR, ORDER));
      FloatVector c0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, target, to, ORDER));
      FloatVector c1 = FLOATS.cast(FloatVector.fromMemorySegment(F32, target, to + VECTOR, ORDER));
      FloatVector c2 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, target, to + 2 * VECTOR, ORDER));
      FloatVector c3 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, target, to + 3 * VECTOR, ORDER));
      t0.add(c0).intoMemorySegment(target, to, ORDER);
      t1.add(c1).intoMemorySegment(target, to + VECTOR, ORDER);
      t2.add(c2).intoMemorySegment(target, to + 2 * VECTOR, ORDER);
      t3.add(c3).intoMemorySegment(target, to + 3 * VECTOR, ORDER);
      from += tileRow;
      to += targetRow;
    }
  }
}
