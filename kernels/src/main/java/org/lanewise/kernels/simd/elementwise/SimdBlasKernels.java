package org.lanewise.kernels.simd.elementwise;

import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.scalar.ScalarBlasKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/** Sums over a vector, and sums of two vectors. Nothing is checked. */
public final class SimdBlasKernels implements BlasKernels {
  private static final int COUNT = F32.length();

  /** The only instance. */
  public static final SimdBlasKernels INSTANCE = new SimdBlasKernels();

  private SimdBlasKernels() {}

  @Override
  public void sums(MemorySegment x, long size, double[] sums, long blockFrom, long blockTo) {
    MemorySegment lanes = Scratch.ofThread().sums;
    for (long b = blockFrom; b < blockTo; b++) {
      long from = b * BLOCK;
      addSums(x, lanes, from, from + Math.min(BLOCK, size - from));
      sums[(int) b] = sum(lanes);
    }
  }

  private static void addSums(MemorySegment x, MemorySegment lanes, long from, long to) {
    long end = to - (to - from) % LANES;
    for (int lane = 0; lane < GROUP; lane += COUNT) {
      sums(x, lanes, lane, from, end);
    }
    for (long i = end; i < to; i++) {
      long lane = i - end;
      lanes.setAtIndex(FLOAT, lane, lanes.getAtIndex(FLOAT, lane) + x.getAtIndex(FLOAT, i));
    }
  }

  private static void sums(MemorySegment x, MemorySegment lanes, int lane, long from, long to) {
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    FloatVector sum0 = FloatVector.zero(F32);
    FloatVector sum1 = FloatVector.zero(F32);
    FloatVector sum2 = FloatVector.zero(F32);
    FloatVector sum3 = FloatVector.zero(F32);
    long i = from + lane;
    while (i != to + lane) {
      sum0 = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER)).add(sum0);
      sum1 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (i + GROUP) * Float.BYTES, ORDER))
              .add(sum1);
      sum2 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (i + 2 * GROUP) * Float.BYTES, ORDER))
              .add(sum2);
      sum3 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (i + 3 * GROUP) * Float.BYTES, ORDER))
              .add(sum3);
      i += LANES;
    }
    FLOATS.cast(sum0).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    FLOATS.cast(sum1).intoMemorySegment(lanes, (lane + GROUP) * Float.BYTES, ORDER);
    FLOATS.cast(sum2).intoMemorySegment(lanes, (lane + 2 * GROUP) * Float.BYTES, ORDER);
    FLOATS.cast(sum3).intoMemorySegment(lanes, (lane + 3 * GROUP) * Float.BYTES, ORDER);
  }

  @Override
  public void dots(
      MemorySegment x, MemorySegment y, long size, double[] sums, long blockFrom, long blockTo) {
    MemorySegment lanes = Scratch.ofThread().sums;
    for (long b = blockFrom; b < blockTo; b++) {
      long from = b * BLOCK;
      addDots(x, y, lanes, from, from + Math.min(BLOCK, size - from));
      sums[(int) b] = sum(lanes);
    }
  }

  private static void addDots(
      MemorySegment x, MemorySegment y, MemorySegment lanes, long from, long to) {
    long end = to - (to - from) % LANES;
    for (int lane = 0; lane < GROUP; lane += COUNT) {
      dots(x, y, lanes, lane, from, end);
    }
    for (long i = end; i < to; i++) {
      long lane = i - end;
      lanes.setAtIndex(
          FLOAT,
          lane,
          Math.fma(x.getAtIndex(FLOAT, i), y.getAtIndex(FLOAT, i), lanes.getAtIndex(FLOAT, lane)));
    }
  }

  private static void dots(
      MemorySegment x, MemorySegment y, MemorySegment lanes, int lane, long from, long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    lanes = Lanes.memory(lanes);
    FloatVector sum0 = FloatVector.zero(F32);
    FloatVector sum1 = FloatVector.zero(F32);
    FloatVector sum2 = FloatVector.zero(F32);
    FloatVector sum3 = FloatVector.zero(F32);
    long i = from + lane;
    while (i != to + lane) {
      sum0 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER))
              .fma(FloatVector.fromMemorySegment(F32, y, i * Float.BYTES, ORDER), sum0);
      sum1 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (i + GROUP) * Float.BYTES, ORDER))
              .fma(FloatVector.fromMemorySegment(F32, y, (i + GROUP) * Float.BYTES, ORDER), sum1);
      sum2 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (i + 2 * GROUP) * Float.BYTES, ORDER))
              .fma(
                  FloatVector.fromMemorySegment(F32, y, (i + 2 * GROUP) * Float.BYTES, ORDER),
                  sum2);
      sum3 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (i + 3 * GROUP) * Float.BYTES, ORDER))
              .fma(
                  FloatVector.fromMemorySegment(F32, y, (i + 3 * GROUP) * Float.BYTES, ORDER),
                  sum3);
      i += LANES;
    }
    FLOATS.cast(sum0).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    FLOATS.cast(sum1).intoMemorySegment(lanes, (lane + GROUP) * Float.BYTES, ORDER);
    FLOATS.cast(sum2).intoMemorySegment(lanes, (lane + 2 * GROUP) * Float.BYTES, ORDER);
    FLOATS.cast(sum3).intoMemorySegment(lanes, (lane + 3 * GROUP) * Float.BYTES, ORDER);
  }

  @Override
  public void squares(
      MemorySegment x, float scale, long size, double[] sums, long blockFrom, long blockTo) {
    MemorySegment lanes = Scratch.ofThread().sums;
    for (long b = blockFrom; b < blockTo; b++) {
      long from = b * BLOCK;
      addSquares(x, scale, lanes, from, from + Math.min(BLOCK, size - from));
      sums[(int) b] = sum(lanes);
    }
  }

  private static void addSquares(
      MemorySegment x, float scale, MemorySegment lanes, long from, long to) {
    long end = to - (to - from) % LANES;
    for (int lane = 0; lane < GROUP; lane += COUNT) {
      squares(x, scale, lanes, lane, from, end);
    }
    for (long i = end; i < to; i++) {
      float value = scale * x.getAtIndex(FLOAT, i);
      long lane = i - end;
      lanes.setAtIndex(FLOAT, lane, Math.fma(value, value, lanes.getAtIndex(FLOAT, lane)));
    }
  }

  private static void squares(
      MemorySegment x, float scale, MemorySegment lanes, int lane, long from, long to) {
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    FloatVector sum0 = FloatVector.zero(F32);
    FloatVector sum1 = FloatVector.zero(F32);
    FloatVector sum2 = FloatVector.zero(F32);
    FloatVector sum3 = FloatVector.zero(F32);
    long i = from + lane;
    while (i != to + lane) {
      FloatVector v0 =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER)).mul(scale);
      sum0 = v0.fma(v0, sum0);
      FloatVector v1 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (i + GROUP) * Float.BYTES, ORDER))
              .mul(scale);
      sum1 = v1.fma(v1, sum1);
      FloatVector v2 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (i + 2 * GROUP) * Float.BYTES, ORDER))
              .mul(scale);
      sum2 = v2.fma(v2, sum2);
      FloatVector v3 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (i + 3 * GROUP) * Float.BYTES, ORDER))
              .mul(scale);
      sum3 = v3.fma(v3, sum3);
      i += LANES;
    }
    FLOATS.cast(sum0).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    FLOATS.cast(sum1).intoMemorySegment(lanes, (lane + GROUP) * Float.BYTES, ORDER);
    FLOATS.cast(sum2).intoMemorySegment(lanes, (lane + 2 * GROUP) * Float.BYTES, ORDER);
    FLOATS.cast(sum3).intoMemorySegment(lanes, (lane + 3 * GROUP) * Float.BYTES, ORDER);
  }

  /** As {@link ScalarBlasKernels#sum}. */
  private static float sum(MemorySegment lanes) {
    for (int lane = 0; lane < GROUP; lane += COUNT) {
      addGroups(lanes, lane);
    }
    for (int apart = GROUP / 2; apart > 0; apart /= 2) {
      for (int i = 0; i < apart; i++) {
        lanes.setAtIndex(FLOAT, i, lanes.getAtIndex(FLOAT, i) + lanes.getAtIndex(FLOAT, i + apart));
      }
    }
    return lanes.getAtIndex(FLOAT, 0);
  }

  private static void addGroups(MemorySegment lanes, int lane) {
    FloatVector group0 =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lane * Float.BYTES, ORDER));
    FloatVector group1 =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, (lane + GROUP) * Float.BYTES, ORDER));
    FloatVector group2 =
        FLOATS.cast(
            FloatVector.fromMemorySegment(F32, lanes, (lane + 2 * GROUP) * Float.BYTES, ORDER));
    FloatVector group3 =
        FLOATS.cast(
            FloatVector.fromMemorySegment(F32, lanes, (lane + 3 * GROUP) * Float.BYTES, ORDER));
    group0.add(group2).add(group1.add(group3)).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
  }

  @Override
  public void axpy(float alpha, MemorySegment x, MemorySegment y, long from, long to) {
    long end = to - (to - from) % COUNT;
    axpyVectors(alpha, x, y, from, end);
    if (end < to) {
      ScalarBlasKernels.INSTANCE.axpy(alpha, x, y, end, to);
    }
  }

  private static void axpyVectors(
      float alpha, MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    FloatVector factor = FloatVector.broadcast(F32, alpha);
    for (long i = from; i < to; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER))
          .fma(factor, FloatVector.fromMemorySegment(F32, y, i * Float.BYTES, ORDER))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  @Override
  public void scal(float alpha, MemorySegment x, MemorySegment y, long from, long to) {
    long end = to - (to - from) % COUNT;
    scalVectors(alpha, x, y, from, end);
    if (end < to) {
      ScalarBlasKernels.INSTANCE.scal(alpha, x, y, end, to);
    }
  }

  private static void scalVectors(
      float alpha, MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER))
          .mul(alpha)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }
}
