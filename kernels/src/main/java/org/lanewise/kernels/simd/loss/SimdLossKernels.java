package org.lanewise.kernels.simd.loss;

import static org.lanewise.kernels.scalar.ScalarLossKernels.label;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.LossKernels;
import org.lanewise.kernels.scalar.ScalarLossKernels;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.math.ExponentialLoops;
import org.lanewise.kernels.simd.softmax.SimdSoftmaxKernels;

/** Losses and their gradients. Nothing is checked but the labels. */
public final class SimdLossKernels implements LossKernels {
  /** The only instance. */
  public static final SimdLossKernels INSTANCE = new SimdLossKernels();

  private SimdLossKernels() {}

  @Override
  public void crossEntropyRows(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      long columns,
      long rowFrom,
      long rowTo) {
    for (long i = rowFrom; i < rowTo; i++) {
      label(labels, i, columns);
    }
    SimdSoftmaxKernels.INSTANCE.normalizers(logits, normalizers, columns, rowFrom, rowTo);
  }

  // One element a row: there is nothing to vectorize.
  @Override
  public void crossEntropyMean(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      long rows,
      long columns,
      MemorySegment loss) {
    ScalarLossKernels.INSTANCE.crossEntropyMean(logits, labels, normalizers, rows, columns, loss);
  }

  @Override
  public void crossEntropyBackward(
      MemorySegment logits,
      MemorySegment labels,
      MemorySegment normalizers,
      MemorySegment dLogits,
      long rows,
      long columns,
      long rowFrom,
      long rowTo) {
    float scale = 1f / rows;
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long labelled = from + label(labels, i, columns);
      float max = normalizers.getAtIndex(FLOAT, 2 * i);
      float inverse = 1f / normalizers.getAtIndex(FLOAT, 2 * i + 1);
      float e = ScalarMath.exp(logits.getAtIndex(FLOAT, labelled) - max);
      scaledExp(logits, max, inverse, scale, dLogits, from, from + columns);
      dLogits.setAtIndex(FLOAT, labelled, Math.fma(e, inverse, -1f) * scale);
    }
  }

  private static void scaledExp(
      MemorySegment x, float max, float inverse, float scale, MemorySegment y, long from, long to) {
    long end = vectorEnd(from, to);
    ExponentialLoops.exp(x, from, max, y, from, end - from);
    scale(y, inverse, scale, from, end);
    for (long j = end; j < to; j++) {
      y.setAtIndex(FLOAT, j, ScalarMath.exp(x.getAtIndex(FLOAT, j) - max) * inverse * scale);
    }
  }

  private static void scale(MemorySegment y, float inverse, float scale, long from, long to) {
    if (from == to) {
      return;
    }
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, j * Float.BYTES, ORDER))
          .mul(inverse)
          .mul(scale)
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }

  @Override
  public void meanSquaredError(
      MemorySegment prediction, MemorySegment target, long size, MemorySegment loss) {
    squaredError(prediction, target, size, size, loss);
  }

  @Override
  public void squaredError(
      MemorySegment prediction,
      MemorySegment target,
      long size,
      double divisor,
      MemorySegment loss) {
    Scratch scratch = Scratch.ofThread();
    double sum = 0;
    for (long from = 0; from < size; from += CHUNK) {
      sumSquaredErrors(prediction, target, from, Math.min(from + CHUNK, size), scratch.lanes);
      sum += scratch.sumOfLanes();
    }
    loss.setAtIndex(FLOAT, 0, (float) (sum / divisor));
  }

  private static void sumSquaredErrors(
      MemorySegment prediction, MemorySegment target, long from, long to, MemorySegment lanes) {
    prediction = Lanes.memory(prediction);
    target = Lanes.memory(target);
    lanes = Lanes.memory(lanes);
    long end = to - (to - from) % VirtualLanes.COUNT;
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums = FloatVector.zero(F32);
      for (long i = from + lane; i < end; i += VirtualLanes.COUNT) {
        FloatVector error =
            FLOATS
                .cast(FloatVector.fromMemorySegment(F32, prediction, i * Float.BYTES, ORDER))
                .sub(
                    FLOATS.cast(
                        FloatVector.fromMemorySegment(F32, target, i * Float.BYTES, ORDER)));
        sums = error.fma(error, sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
    for (long i = end; i < to; i++) {
      float error = prediction.getAtIndex(FLOAT, i) - target.getAtIndex(FLOAT, i);
      long lane = i - end;
      lanes.setAtIndex(FLOAT, lane, Math.fma(error, error, lanes.getAtIndex(FLOAT, lane)));
    }
  }

  @Override
  public void meanSquaredErrorBackward(
      MemorySegment prediction,
      MemorySegment target,
      MemorySegment dPrediction,
      long size,
      long from,
      long to) {
    squaredErrorBackward(prediction, target, 2f / size, dPrediction, from, to);
  }

  @Override
  public void squaredErrorBackward(
      MemorySegment prediction,
      MemorySegment target,
      float scale,
      MemorySegment dPrediction,
      long from,
      long to) {
    prediction = Lanes.memory(prediction);
    target = Lanes.memory(target);
    dPrediction = Lanes.memory(dPrediction);
    long end = vectorEnd(from, to);
    for (long i = from; i < end; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, prediction, i * Float.BYTES, ORDER))
          .sub(FLOATS.cast(FloatVector.fromMemorySegment(F32, target, i * Float.BYTES, ORDER)))
          .mul(scale)
          .intoMemorySegment(dPrediction, i * Float.BYTES, ORDER);
    }
    if (end < to) {
      ScalarLossKernels.INSTANCE.squaredErrorBackward(
          prediction, target, scale, dPrediction, end, to);
    }
  }
}
