package org.lanewise.kernels.simd.loss;

import static org.lanewise.kernels.scalar.ScalarCrossEntropyKernels.check;
import static org.lanewise.kernels.scalar.ScalarCrossEntropyKernels.isIgnored;
import static org.lanewise.kernels.scalar.ScalarCrossEntropyKernels.smooth;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.INT;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.CrossEntropyKernels;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.math.ExponentialLoops;
import org.lanewise.kernels.simd.reduction.RowSums;
import org.lanewise.kernels.simd.softmax.RowExp;

/**
 * Softmax cross-entropy with a label to be ignored and with smoothing. Nothing is checked but the
 * labels.
 */
public final class SimdCrossEntropyKernels implements CrossEntropyKernels {
  /** The only instance. */
  public static final SimdCrossEntropyKernels INSTANCE = new SimdCrossEntropyKernels();

  private SimdCrossEntropyKernels() {}

  @Override
  public void rows(
      MemorySegment logits,
      MemorySegment labels,
      int ignored,
      float smoothing,
      MemorySegment normalizers,
      MemorySegment losses,
      long columns,
      long rowFrom,
      long rowTo) {
    check(labels, ignored, columns, rowFrom, rowTo);
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float shift = RowExp.shift(logits, from, to, scratch);
      float sum = RowExp.sumOfExp(logits, from, to, shift, scratch);
      float log = ScalarMath.log(sum);
      ScalarSoftmaxKernels.store(shift, sum, normalizers, i);
      float loss = 0f;
      if (!isIgnored(labels, ignored, i)) {
        loss = log - (logits.getAtIndex(FLOAT, from + labels.getAtIndex(INT, i)) - shift);
        if (smoothing != 0f) {
          float differences = RowSums.sumOfDifferences(logits, shift, from, to, scratch);
          loss = smooth(loss, smoothing, log, differences, columns);
        }
      }
      losses.setAtIndex(FLOAT, i, loss);
    }
  }

  @Override
  public void backward(
      MemorySegment logits,
      MemorySegment labels,
      int ignored,
      float smoothing,
      float scale,
      MemorySegment normalizers,
      MemorySegment dLogits,
      long columns,
      long rowFrom,
      long rowTo) {
    check(labels, ignored, columns, rowFrom, rowTo);
    float uniform = smoothing / columns;
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      if (isIgnored(labels, ignored, i)) {
        clear(dLogits, from, from + columns);
      } else {
        long labelled = from + labels.getAtIndex(INT, i);
        float max = normalizers.getAtIndex(FLOAT, 2 * i);
        float inverse = 1f / normalizers.getAtIndex(FLOAT, 2 * i + 1);
        float e = ScalarMath.exp(logits.getAtIndex(FLOAT, labelled) - max);
        gradient(logits, max, inverse, uniform, scale, dLogits, from, from + columns);
        float target = (1f - smoothing) + uniform;
        dLogits.setAtIndex(FLOAT, labelled, Math.fma(e, inverse, -target) * scale);
      }
    }
  }

  private static void clear(MemorySegment x, long from, long to) {
    for (long j = from; j < to; j++) {
      x.setAtIndex(FLOAT, j, 0f);
    }
  }

  private static void gradient(
      MemorySegment x,
      float max,
      float inverse,
      float target,
      float scale,
      MemorySegment y,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    ExponentialLoops.exp(x, from, max, y, from, end - from);
    subtractAndScale(y, inverse, target, scale, from, end);
    for (long j = end; j < to; j++) {
      float e = ScalarMath.exp(x.getAtIndex(FLOAT, j) - max);
      y.setAtIndex(FLOAT, j, Math.fma(e, inverse, -target) * scale);
    }
  }

  /** {@code y = (y · inverse − target) · scale}. */
  private static void subtractAndScale(
      MemorySegment y, float inverse, float target, float scale, long from, long to) {
    if (from == to) {
      return;
    }
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, j * Float.BYTES, ORDER))
          .fma(FloatVector.broadcast(F32, inverse), FloatVector.broadcast(F32, -target))
          .mul(scale)
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }
}
