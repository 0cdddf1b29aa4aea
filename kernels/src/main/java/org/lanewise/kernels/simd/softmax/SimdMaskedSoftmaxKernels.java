package org.lanewise.kernels.simd.softmax;

import static org.lanewise.kernels.scalar.ScalarMaskedSoftmaxKernels.inverse;
import static org.lanewise.kernels.scalar.ScalarMaskedSoftmaxKernels.visible;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.MaskedSoftmaxKernels;
import org.lanewise.kernels.scalar.ScalarMaskedSoftmaxKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/**
 * Softmax of rows some of whose elements are excluded. A row of which nothing is left becomes 0.
 * Nothing is checked.
 */
public final class SimdMaskedSoftmaxKernels implements MaskedSoftmaxKernels {

  private static final int EXCLUDED = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);

  /** The only instance. */
  public static final SimdMaskedSoftmaxKernels INSTANCE = new SimdMaskedSoftmaxKernels();

  private SimdMaskedSoftmaxKernels() {}

  @Override
  public void causal(
      MemorySegment x, MemorySegment y, long rows, long columns, long rowFrom, long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + visible(i, rows, columns);
      softmax(x, y, from, to, scratch);
      clear(y, to, from + columns);
    }
  }

  private static void clear(MemorySegment y, long from, long to) {
    long end = vectorEnd(from, to);
    clearVectors(y, from, end);
    for (long j = end; j < to; j++) {
      y.setAtIndex(FLOAT, j, 0f);
    }
  }

  private static void clearVectors(MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      FLOATS.cast(FloatVector.zero(F32)).intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }

  @Override
  public void masked(
      MemorySegment x,
      MemorySegment mask,
      MemorySegment y,
      long rows,
      long columns,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      long end = vectorEnd(from, to);
      long maskFrom = i / rows * columns;
      select(x, mask, y, maskFrom, from, end);
      ScalarMaskedSoftmaxKernels.select(x, mask, y, maskFrom + (end - from), end, to);
      softmax(y, y, from, to, scratch);
    }
  }

  private static void select(
      MemorySegment x, MemorySegment mask, MemorySegment y, long maskFrom, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    mask = Lanes.memory(mask);
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      IntVector included =
          INTS.cast(
              IntVector.fromMemorySegment(
                  I32, mask, (maskFrom + (j - from)) * Integer.BYTES, ORDER));
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
      IntVector bits = INTS.cast(value.reinterpretShape(I32, 0));
      FLOATS
          .cast(
              bits.blend(EXCLUDED, included.compare(VectorOperators.EQ, 0))
                  .reinterpretShape(F32, 0))
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }

  @Override
  public void biased(
      MemorySegment x,
      MemorySegment bias,
      MemorySegment y,
      long rows,
      long columns,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      long end = vectorEnd(from, to);
      long biasFrom = i % rows * columns;
      add(x, bias, y, biasFrom, from, end);
      ScalarMaskedSoftmaxKernels.add(x, bias, y, biasFrom + (end - from), end, to);
      softmax(y, y, from, to, scratch);
    }
  }

  private static void add(
      MemorySegment x, MemorySegment bias, MemorySegment y, long biasFrom, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    bias = Lanes.memory(bias);
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
          .add(
              FLOATS.cast(
                  FloatVector.fromMemorySegment(
                      F32, bias, (biasFrom + (j - from)) * Float.BYTES, ORDER)))
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }

  private static void softmax(
      MemorySegment x, MemorySegment y, long from, long to, Scratch scratch) {
    float shift = RowExp.shift(x, from, to, scratch);
    SimdSoftmaxKernels.scale(y, from, to, inverse(RowExp.exp(x, y, from, to, shift, scratch)));
  }
}
