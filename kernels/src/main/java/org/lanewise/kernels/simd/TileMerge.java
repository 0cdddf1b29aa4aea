package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Merges a tile of products into C: {@code C = α·tile + β·C}, where later depth blocks have β = 1,
 * and after the last one bias and ReLU. β = 0 does not read C.
 */
final class TileMerge {
  private TileMerge() {}

  /**
   * Merges {@code rows × columns} of a tile whose rows are {@code tileColumns} floats apart.
   *
   * @param cOffset byte offset of the tile's first element in C
   * @param bias null, or the bias of all columns
   * @param biasOffset byte offset of the tile's first column in {@code bias}
   */
  static void merge(
      MemorySegment tile,
      int tileColumns,
      int rows,
      int columns,
      float alpha,
      float beta,
      MemorySegment bias,
      long biasOffset,
      boolean relu,
      MemorySegment c,
      long cOffset,
      long rowBytes) {
    int vectorColumns = columns / COUNT * COUNT;
    for (int i = 0; i < rows; i++) {
      long from = (long) i * tileColumns * Float.BYTES;
      long to = cOffset + i * rowBytes;
      for (int j = 0; j < vectorColumns; j += COUNT) {
        long bytes = (long) j * Float.BYTES;
        FloatVector sum = FloatVector.fromMemorySegment(F32, tile, from + bytes, ORDER);
        if (beta == 0f) {
          sum = sum.mul(alpha);
        } else {
          FloatVector old = FloatVector.fromMemorySegment(F32, c, to + bytes, ORDER);
          sum = sum.fma(FloatVector.broadcast(F32, alpha), old.mul(beta));
        }
        if (bias != null) {
          sum = sum.add(FloatVector.fromMemorySegment(F32, bias, biasOffset + bytes, ORDER));
        }
        if (relu) {
          sum = sum.blend(0f, sum.compare(VectorOperators.LT, 0f));
        }
        sum.intoMemorySegment(c, to + bytes, ORDER);
      }
      for (int j = vectorColumns; j < columns; j++) {
        long bytes = (long) j * Float.BYTES;
        float sum = tile.get(FLOAT, from + bytes);
        sum = beta == 0f ? sum * alpha : Math.fma(sum, alpha, c.get(FLOAT, to + bytes) * beta);
        if (bias != null) {
          sum += bias.get(FLOAT, biasOffset + bytes);
        }
        if (relu && sum < 0f) {
          sum = 0f;
        }
        c.set(FLOAT, to + bytes, sum);
      }
    }
  }
}
