package org.lanewise.kernels.simd.softmax;

import static org.lanewise.kernels.scalar.MathConstants.EXP_2;
import static org.lanewise.kernels.scalar.MathConstants.EXP_3;
import static org.lanewise.kernels.scalar.MathConstants.EXP_4;
import static org.lanewise.kernels.scalar.MathConstants.EXP_5;
import static org.lanewise.kernels.scalar.MathConstants.EXP_6;
import static org.lanewise.kernels.scalar.MathConstants.LN2_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.LN2_LOW;
import static org.lanewise.kernels.scalar.MathConstants.LOG2_E;
import static org.lanewise.kernels.scalar.MathConstants.MANTISSA_BITS;
import static org.lanewise.kernels.scalar.ScalarMaskedSoftmaxKernels.inverse;
import static org.lanewise.kernels.scalar.ScalarSoftmaxKernels.EXP_LOW;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.math.ExponentialLoops;

/**
 * Exponentials with their sums in one pass over memory, with the bits of {@link
 * ScalarSoftmaxKernels#exp}: the loop of {@link ExponentialLoops#exp} less what is needed for
 * positive arguments and subnormal results, which is a third of it.
 */
public final class SoftmaxLoops {
  /** Adding it to a small number rounds that to an integer, which the sum's low bits then are. */
  private static final float ROUND = 0x1.8p23f;

  private SoftmaxLoops() {}

  /**
   * {@code y = exp(x − shift)}, each added to its lane. No x is greater than the shift.
   *
   * @param count elements, a multiple of {@link VirtualLanes#COUNT}
   */
  static void expAndSum(
      MemorySegment x,
      long xFrom,
      float shift,
      MemorySegment y,
      long yFrom,
      long count,
      MemorySegment lanes) {
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      expAndSumOfLane(x, xFrom + lane, shift, y, yFrom + lane, count, lanes, lane);
    }
  }

  private static void expAndSumOfLane(
      MemorySegment x,
      long xFrom,
      float shift,
      MemorySegment y,
      long yFrom,
      long count,
      MemorySegment lanes,
      long lane) {
    if (count == 0) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    lanes = Lanes.memory(lanes);
    long in = xFrom * Float.BYTES;
    long out = yFrom * Float.BYTES;
    FloatVector sums =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lane * Float.BYTES, ORDER));
    for (long i = 0; i < count; i += VirtualLanes.COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in + i * Float.BYTES, ORDER));
      v = v.sub(shift);
      FloatVector rounded =
          v.fma(FloatVector.broadcast(F32, LOG2_E), FloatVector.broadcast(F32, ROUND));
      FloatVector n = rounded.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(F32, -LN2_HIGH), v);
      r = n.fma(FloatVector.broadcast(F32, -LN2_LOW), r);
      FloatVector one = FloatVector.broadcast(F32, 1f);
      FloatVector p =
          r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, EXP_5))
              .fma(r, FloatVector.broadcast(F32, EXP_4))
              .fma(r, FloatVector.broadcast(F32, EXP_3))
              .fma(r, FloatVector.broadcast(F32, EXP_2))
              .fma(r, one)
              .fma(r, one);
      IntVector exponent =
          INTS.cast(rounded.reinterpretShape(I32, 0)).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
      p =
          FLOATS
              .cast(INTS.cast(p.reinterpretShape(I32, 0)).add(exponent).reinterpretShape(F32, 0))
              .blend(0f, v.compare(VectorOperators.LT, EXP_LOW));
      p.intoMemorySegment(y, out + i * Float.BYTES, ORDER);
      sums = FLOATS.cast(sums).add(p);
    }
    FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
  }

  /**
   * {@code x = exp(x − shift)} in rows that are {@code stride} apart, each with a shift of its own
   * and its sums in lanes of its own. No x is greater than its shift but by rounding.
   *
   * @param width elements of a row, a positive multiple of {@link VirtualLanes#COUNT}
   */
  public static void expAndSumRows(
      MemorySegment x,
      long from,
      long rows,
      long stride,
      long width,
      MemorySegment shifts,
      long shiftsFrom,
      MemorySegment lanes,
      long lanesFrom) {
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    for (long i = 0; i < rows; i++) {
      float shift = shifts.getAtIndex(FLOAT, shiftsFrom + i);
      for (long lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
        FloatVector sums = FloatVector.zero(F32);
        long j = from + i * stride + lane;
        long end = j + width;
        while (j != end) {
          FloatVector v =
              FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
          v = v.sub(shift);
          FloatVector rounded =
              v.fma(FloatVector.broadcast(F32, LOG2_E), FloatVector.broadcast(F32, ROUND));
          FloatVector n = rounded.sub(ROUND);
          FloatVector r = n.fma(FloatVector.broadcast(F32, -LN2_HIGH), v);
          r = n.fma(FloatVector.broadcast(F32, -LN2_LOW), r);
          FloatVector one = FloatVector.broadcast(F32, 1f);
          FloatVector p =
              r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, EXP_5))
                  .fma(r, FloatVector.broadcast(F32, EXP_4))
                  .fma(r, FloatVector.broadcast(F32, EXP_3))
                  .fma(r, FloatVector.broadcast(F32, EXP_2))
                  .fma(r, one)
                  .fma(r, one);
          IntVector exponent =
              INTS.cast(rounded.reinterpretShape(I32, 0))
                  .lanewise(VectorOperators.LSHL, MANTISSA_BITS);
          p =
              FLOATS
                  .cast(
                      INTS.cast(p.reinterpretShape(I32, 0)).add(exponent).reinterpretShape(F32, 0))
                  .blend(0f, v.compare(VectorOperators.LT, EXP_LOW));
          p.intoMemorySegment(x, j * Float.BYTES, ORDER);
          sums = FLOATS.cast(sums).add(p);
          j += VirtualLanes.COUNT;
        }
        FLOATS
            .cast(sums)
            .intoMemorySegment(
                lanes, (lanesFrom + i * VirtualLanes.COUNT + lane) * Float.BYTES, ORDER);
      }
    }
  }

  /**
   * {@code x = exp(x − max) / sum} in rows that are {@code stride} apart, each with normalizers of
   * its own, and 0 where the exponential counts as 0, even if the sum is 0 or NaN. No x is greater
   * than its row's maximum but by rounding.
   *
   * @param width elements of a row, a positive multiple of {@link Lanes#COUNT}
   * @param normalizers [rows, 2] from row {@code firstRow} on
   */
  public static void weightsOfRows(
      MemorySegment x,
      long from,
      long rows,
      long stride,
      long width,
      MemorySegment normalizers,
      long firstRow) {
    x = Lanes.memory(x);
    for (long i = 0; i < rows; i++) {
      float max = normalizers.getAtIndex(FLOAT, 2 * (firstRow + i));
      float inverse = inverse(normalizers.getAtIndex(FLOAT, 2 * (firstRow + i) + 1));
      long j = from + i * stride;
      long end = j + width;
      while (j != end) {
        FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
        v = v.sub(max);
        FloatVector rounded =
            v.fma(FloatVector.broadcast(F32, LOG2_E), FloatVector.broadcast(F32, ROUND));
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F32, -LN2_HIGH), v);
        r = n.fma(FloatVector.broadcast(F32, -LN2_LOW), r);
        FloatVector one = FloatVector.broadcast(F32, 1f);
        FloatVector p =
            r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, EXP_5))
                .fma(r, FloatVector.broadcast(F32, EXP_4))
                .fma(r, FloatVector.broadcast(F32, EXP_3))
                .fma(r, FloatVector.broadcast(F32, EXP_2))
                .fma(r, one)
                .fma(r, one);
        IntVector exponent =
            INTS.cast(rounded.reinterpretShape(I32, 0))
                .lanewise(VectorOperators.LSHL, MANTISSA_BITS);
        FLOATS
            .cast(INTS.cast(p.reinterpretShape(I32, 0)).add(exponent).reinterpretShape(F32, 0))
            .mul(inverse)
            .blend(0f, v.compare(VectorOperators.LT, EXP_LOW))
            .intoMemorySegment(x, j * Float.BYTES, ORDER);
        j += COUNT;
      }
    }
  }

  /**
   * {@code y = exp(x − shift)} of elements that begin at {@code from}, each with a shift and a sum
   * of its own. No x is greater than its shift.
   *
   * @param count elements, a multiple of {@link Lanes#COUNT}
   */
  static void expAndSums(
      MemorySegment x,
      MemorySegment y,
      long from,
      MemorySegment shifts,
      MemorySegment sums,
      long count) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    shifts = Lanes.memory(shifts);
    sums = Lanes.memory(sums);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (from + j) * Float.BYTES, ORDER));
      v = v.sub(FLOATS.cast(FloatVector.fromMemorySegment(F32, shifts, j * Float.BYTES, ORDER)));
      FloatVector rounded =
          v.fma(FloatVector.broadcast(F32, LOG2_E), FloatVector.broadcast(F32, ROUND));
      FloatVector n = rounded.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(F32, -LN2_HIGH), v);
      r = n.fma(FloatVector.broadcast(F32, -LN2_LOW), r);
      FloatVector one = FloatVector.broadcast(F32, 1f);
      FloatVector p =
          r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, EXP_5))
              .fma(r, FloatVector.broadcast(F32, EXP_4))
              .fma(r, FloatVector.broadcast(F32, EXP_3))
              .fma(r, FloatVector.broadcast(F32, EXP_2))
              .fma(r, one)
              .fma(r, one);
      IntVector exponent =
          INTS.cast(rounded.reinterpretShape(I32, 0)).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
      p =
          FLOATS
              .cast(INTS.cast(p.reinterpretShape(I32, 0)).add(exponent).reinterpretShape(F32, 0))
              .blend(0f, v.compare(VectorOperators.LT, EXP_LOW));
      p.intoMemorySegment(y, (from + j) * Float.BYTES, ORDER);
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, sums, j * Float.BYTES, ORDER))
          .add(p)
          .intoMemorySegment(sums, j * Float.BYTES, ORDER);
    }
  }
}
