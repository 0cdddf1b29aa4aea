package org.lanewise.kernels.simd.loss;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.ElementLossKernels;
import org.lanewise.kernels.scalar.ScalarElementLossKernels;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.math.ExponentialLoops;
import org.lanewise.kernels.simd.math.LogarithmLoops;
import org.lanewise.kernels.simd.math.SigmoidLoops;
import org.lanewise.kernels.simd.reduction.RowSums;

/** Losses of single elements and their gradients. Nothing is checked. */
public final class SimdElementLossKernels implements ElementLossKernels {
  /** The only instance. */
  public static final SimdElementLossKernels INSTANCE = new SimdElementLossKernels();

  private SimdElementLossKernels() {}

  @Override
  public void binaryCrossEntropy(
      MemorySegment logits, MemorySegment targets, long size, double divisor, MemorySegment loss) {
    Scratch scratch = Scratch.ofThread();
    double sum = 0;
    for (long from = 0; from < size; from += CHUNK) {
      long to = Math.min(from + CHUNK, size);
      long end = RowSums.tailStart(from, to);
      ExponentialLoops.expOfMinus(logits, scratch.chunk, from, end);
      LogarithmLoops.log1p(scratch.chunk, scratch.chunk, 0, end - from);
      scratch.clearLanes();
      addBinaryCrossEntropies(logits, targets, scratch.chunk, from, end, scratch.lanes);
      for (long i = end; i < to; i++) {
        scratch.addToLane(
            i - end,
            ScalarElementLossKernels.binaryCrossEntropy(
                logits.getAtIndex(FLOAT, i), targets.getAtIndex(FLOAT, i)));
      }
      sum += scratch.sumOfLanes();
    }
    loss.setAtIndex(FLOAT, 0, (float) (sum / divisor));
  }

  private static void addBinaryCrossEntropies(
      MemorySegment logits,
      MemorySegment targets,
      MemorySegment log,
      long from,
      long to,
      MemorySegment lanes) {
    if (from == to) {
      return;
    }
    logits = Lanes.memory(logits);
    targets = Lanes.memory(targets);
    log = Lanes.memory(log);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums = FloatVector.zero(F32);
      for (long i = from + lane; i < to; i += VirtualLanes.COUNT) {
        FloatVector x =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, logits, i * Float.BYTES, ORDER));
        FloatVector positive = x.blend(0f, x.compare(VectorOperators.LT, 0f));
        FloatVector t = FloatVector.fromMemorySegment(F32, targets, i * Float.BYTES, ORDER);
        FloatVector loss =
            x.neg()
                .fma(t, positive)
                .add(
                    FLOATS.cast(
                        FloatVector.fromMemorySegment(F32, log, (i - from) * Float.BYTES, ORDER)));
        sums = loss.add(sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  @Override
  public void binaryCrossEntropyBackward(
      MemorySegment logits,
      MemorySegment targets,
      float scale,
      MemorySegment dLogits,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    for (long chunk = from; chunk < end; chunk += CHUNK) {
      long chunkEnd = Math.min(chunk + CHUNK, end);
      SigmoidLoops.sigmoid(logits, dLogits, chunk, chunkEnd);
      subtractAndScale(dLogits, targets, scale, chunk, chunkEnd);
    }
    ScalarElementLossKernels.INSTANCE.binaryCrossEntropyBackward(
        logits, targets, scale, dLogits, end, to);
  }

  private static void subtractAndScale(
      MemorySegment y, MemorySegment targets, float scale, long from, long to) {
    y = Lanes.memory(y);
    targets = Lanes.memory(targets);
    for (long i = from; i < to; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, i * Float.BYTES, ORDER))
          .sub(FLOATS.cast(FloatVector.fromMemorySegment(F32, targets, i * Float.BYTES, ORDER)))
          .mul(scale)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  @Override
  public void huber(
      MemorySegment prediction,
      MemorySegment target,
      float delta,
      long size,
      double divisor,
      MemorySegment loss) {
    Scratch scratch = Scratch.ofThread();
    double sum = 0;
    for (long from = 0; from < size; from += CHUNK) {
      long to = Math.min(from + CHUNK, size);
      long end = RowSums.tailStart(from, to);
      scratch.clearLanes();
      addHuber(prediction, target, delta, from, end, scratch.lanes);
      for (long i = end; i < to; i++) {
        float error = prediction.getAtIndex(FLOAT, i) - target.getAtIndex(FLOAT, i);
        scratch.setLane(
            i - end, ScalarElementLossKernels.huber(scratch.lane(i - end), error, delta));
      }
      sum += scratch.sumOfLanes();
    }
    loss.setAtIndex(FLOAT, 0, (float) (sum / divisor));
  }

  private static void addHuber(
      MemorySegment prediction,
      MemorySegment target,
      float delta,
      long from,
      long to,
      MemorySegment lanes) {
    if (from == to) {
      return;
    }
    prediction = Lanes.memory(prediction);
    target = Lanes.memory(target);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector sums = FloatVector.zero(F32);
      for (long i = from + lane; i < to; i += VirtualLanes.COUNT) {
        FloatVector magnitude =
            FLOATS
                .cast(FloatVector.fromMemorySegment(F32, prediction, i * Float.BYTES, ORDER))
                .sub(
                    FLOATS.cast(FloatVector.fromMemorySegment(F32, target, i * Float.BYTES, ORDER)))
                .abs();
        FloatVector limited = magnitude.blend(delta, magnitude.compare(VectorOperators.GT, delta));
        FloatVector rest = limited.fma(FloatVector.broadcast(F32, -0.5f), magnitude);
        sums = limited.fma(rest, sums);
      }
      FLOATS.cast(sums).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  @Override
  public void huberBackward(
      MemorySegment prediction,
      MemorySegment target,
      float delta,
      float scale,
      MemorySegment dPrediction,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    limitAndScale(prediction, target, delta, scale, dPrediction, from, end);
    ScalarElementLossKernels.INSTANCE.huberBackward(
        prediction, target, delta, scale, dPrediction, end, to);
  }

  private static void limitAndScale(
      MemorySegment prediction,
      MemorySegment target,
      float delta,
      float scale,
      MemorySegment dPrediction,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    prediction = Lanes.memory(prediction);
    target = Lanes.memory(target);
    dPrediction = Lanes.memory(dPrediction);
    for (long i = from; i < to; i += COUNT) {
      FloatVector error =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, prediction, i * Float.BYTES, ORDER))
              .sub(FLOATS.cast(FloatVector.fromMemorySegment(F32, target, i * Float.BYTES, ORDER)));
      error
          .blend(delta, error.compare(VectorOperators.GT, delta))
          .blend(-delta, error.compare(VectorOperators.LT, -delta))
          .mul(scale)
          .intoMemorySegment(dPrediction, i * Float.BYTES, ORDER);
    }
  }
}
