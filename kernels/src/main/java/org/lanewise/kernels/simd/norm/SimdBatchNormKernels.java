package org.lanewise.kernels.simd.norm;

import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.CHUNK;
import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.count;
import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.finish;
import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.put;
import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.shift;
import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.slope;
import static org.lanewise.kernels.scalar.ScalarRowNormKernels.reciprocalRoot;
import static org.lanewise.kernels.scalar.ScalarRowNormKernels.rest;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;
import static org.lanewise.kernels.simd.norm.NormLoops.SECOND;
import static org.lanewise.kernels.simd.norm.NormLoops.THIRD;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.BatchNormKernels;
import org.lanewise.kernels.scalar.ScalarBatchNormKernels;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.reduction.RowSums;

/**
 * Batch norm and its gradients. Vectors lie along the spatial axis, or if there is none, along the
 * channels, in {@link BatchNormColumns}. Nothing is checked.
 */
public final class SimdBatchNormKernels implements BatchNormKernels {
  /** The only instance. */
  public static final SimdBatchNormKernels INSTANCE = new SimdBatchNormKernels();

  private SimdBatchNormKernels() {}

  @Override
  public void training(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment runningMeans,
      MemorySegment runningVariances,
      float epsilon,
      float momentum,
      long batch,
      long channels,
      long spatial,
      long from,
      long to) {
    long first = from;
    if (spatial == 1) {
      first = vectorEnd(from, to);
      BatchNormColumns.training(
          x,
          weight,
          bias,
          y,
          means,
          rstds,
          runningMeans,
          runningVariances,
          epsilon,
          momentum,
          batch,
          channels,
          from,
          first);
    }
    Scratch scratch = Scratch.ofThread();
    float count = count(batch, spatial);
    for (long c = first; c < to; c++) {
      float start = x.getAtIndex(FLOAT, c * spatial);
      float shift = differences(x, start, c, batch, channels, spatial, scratch) / count;
      float mean = start + shift;
      float rest = rest(start, shift);
      float squares = squares(x, mean, rest, c, batch, channels, spatial, scratch);
      float rstd =
          finish(
              means,
              rstds,
              runningMeans,
              runningVariances,
              epsilon,
              momentum,
              mean,
              squares,
              count,
              c);
      float scale = rstd * weight.getAtIndex(FLOAT, c);
      float offset = Math.fma(-rest, scale, bias.getAtIndex(FLOAT, c));
      normalize(x, y, mean, scale, offset, c, batch, channels, spatial);
    }
  }

  private static float differences(
      MemorySegment x,
      float shift,
      long channel,
      long batch,
      long channels,
      long spatial,
      Scratch scratch) {
    float total = 0f;
    long inLane = 0;
    scratch.clearLanes();
    for (long i = 0; i < batch; i++) {
      long to = (i * channels + channel + 1) * spatial;
      long end;
      for (long chunk = to - spatial; chunk < to; chunk = end) {
        end = chunk + Math.min(CHUNK, to - chunk);
        long more = elementsOfLane(end - chunk);
        if (inLane + more > LANE_ELEMENTS) {
          total += scratch.sumOfLanes();
          scratch.clearLanes();
          inLane = 0;
        }
        inLane += more;
        long vectorsEnd = RowSums.tailStart(chunk, end);
        RowSums.addDifferences(x, shift, chunk, vectorsEnd, scratch.lanes);
        for (long j = vectorsEnd; j < end; j++) {
          scratch.addToLane(j - vectorsEnd, x.getAtIndex(FLOAT, j) - shift);
        }
      }
    }
    return total + scratch.sumOfLanes();
  }

  private static float squares(
      MemorySegment x,
      float mean,
      float rest,
      long channel,
      long batch,
      long channels,
      long spatial,
      Scratch scratch) {
    float total = 0f;
    long inLane = 0;
    scratch.clearLanes();
    for (long i = 0; i < batch; i++) {
      long to = (i * channels + channel + 1) * spatial;
      long end;
      for (long chunk = to - spatial; chunk < to; chunk = end) {
        end = chunk + Math.min(CHUNK, to - chunk);
        long more = elementsOfLane(end - chunk);
        if (inLane + more > LANE_ELEMENTS) {
          total += scratch.sumOfLanes();
          scratch.clearLanes();
          inLane = 0;
        }
        inLane += more;
        long vectorsEnd = RowSums.tailStart(chunk, end);
        RowSums.addSquares(x, mean, rest, chunk, vectorsEnd, scratch.lanes);
        for (long j = vectorsEnd; j < end; j++) {
          float difference = x.getAtIndex(FLOAT, j) - mean - rest;
          scratch.addToLane(j - vectorsEnd, difference, difference);
        }
      }
    }
    return total + scratch.sumOfLanes();
  }

  private static long elementsOfLane(long count) {
    return (count + (VirtualLanes.COUNT - 1)) / VirtualLanes.COUNT;
  }

  private static void normalize(
      MemorySegment x,
      MemorySegment y,
      float mean,
      float scale,
      float shift,
      long channel,
      long batch,
      long channels,
      long spatial) {
    for (long i = 0; i < batch; i++) {
      long from = (i * channels + channel) * spatial;
      long to = from + spatial;
      long end = vectorEnd(from, to);
      NormLoops.normalize(x, y, mean, scale, shift, from, end);
      ScalarBatchNormKernels.normalize(x, y, mean, scale, shift, end, to);
    }
  }

  @Override
  public void evaluation(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment means,
      MemorySegment variances,
      MemorySegment y,
      MemorySegment rstds,
      float epsilon,
      long batch,
      long channels,
      long spatial,
      long from,
      long to) {
    long first = from;
    if (spatial == 1) {
      first = vectorEnd(from, to);
      BatchNormColumns.evaluation(
          x, weight, bias, means, variances, y, rstds, epsilon, batch, channels, from, first);
    }
    for (long c = first; c < to; c++) {
      float rstd = reciprocalRoot(variances.getAtIndex(FLOAT, c) + epsilon);
      rstds.setAtIndex(FLOAT, c, rstd);
      float mean = means.getAtIndex(FLOAT, c);
      float scale = rstd * weight.getAtIndex(FLOAT, c);
      float shift = bias.getAtIndex(FLOAT, c);
      normalize(x, y, mean, scale, shift, c, batch, channels, spatial);
    }
  }

  @Override
  public void backward(
      boolean training,
      boolean accumulate,
      boolean accumulateParameters,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dx,
      MemorySegment dWeight,
      MemorySegment dBias,
      long batch,
      long channels,
      long spatial,
      long from,
      long to) {
    long first = from;
    if (spatial == 1) {
      first = vectorEnd(from, to);
      BatchNormColumns.backward(
          training,
          accumulate,
          accumulateParameters,
          x,
          weight,
          means,
          rstds,
          dy,
          dx,
          dWeight,
          dBias,
          batch,
          channels,
          from,
          first);
    }
    Scratch scratch = Scratch.ofThread();
    float count = count(batch, spatial);
    for (long c = first; c < to; c++) {
      float mean = means.getAtIndex(FLOAT, c);
      float rstd = rstds.getAtIndex(FLOAT, c);
      gradientSums(x, mean, dy, c, batch, channels, spatial, scratch);
      float gradients = scratch.totals[1];
      float rest = training ? scratch.totals[0] / count : 0f;
      float product = scratch.totals[2] - rest * gradients;
      put(accumulateParameters, dBias, c, gradients);
      put(accumulateParameters, dWeight, c, product * rstd);
      float scale = weight.getAtIndex(FLOAT, c) * rstd;
      float slope = training ? slope(product, rstd, scale, count) : 0f;
      float shift = training ? shift(rest, slope, scale, gradients, count) : 0f;
      for (long i = 0; i < batch; i++) {
        long run = (i * channels + c) * spatial;
        gradient(accumulate, x, dy, dx, mean, scale, slope, shift, run, run + spatial);
      }
    }
  }

  /** Leaves the sums of {@code x − mean}, dy, and their products in the scratch's totals. */
  private static void gradientSums(
      MemorySegment x,
      float mean,
      MemorySegment dy,
      long channel,
      long batch,
      long channels,
      long spatial,
      Scratch scratch) {
    long inLane = 0;
    scratch.clearLanes();
    scratch.clearTotals();
    for (long i = 0; i < batch; i++) {
      long to = (i * channels + channel + 1) * spatial;
      long end;
      for (long chunk = to - spatial; chunk < to; chunk = end) {
        end = chunk + Math.min(CHUNK, to - chunk);
        long more = elementsOfLane(end - chunk);
        if (inLane + more > LANE_ELEMENTS) {
          scratch.addLanesToTotals();
          scratch.clearLanes();
          inLane = 0;
        }
        inLane += more;
        long vectorsEnd = RowSums.tailStart(chunk, end);
        NormLoops.gradientSums(x, mean, dy, chunk, vectorsEnd, scratch.lanes);
        for (long j = vectorsEnd; j < end; j++) {
          float difference = x.getAtIndex(FLOAT, j) - mean;
          float g = dy.getAtIndex(FLOAT, j);
          long lane = j - vectorsEnd;
          scratch.addToLane(lane, difference);
          scratch.addToLane(SECOND + lane, g);
          scratch.addToLane(THIRD + lane, difference, g);
        }
      }
    }
    scratch.addLanesToTotals();
  }

  private static void gradient(
      boolean accumulate,
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dx,
      float mean,
      float scale,
      float slope,
      float shift,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    if (accumulate) {
      NormLoops.addGradient(x, dy, dx, mean, scale, slope, shift, from, end);
    } else {
      NormLoops.gradient(x, dy, dx, mean, scale, slope, shift, from, end);
    }
    ScalarBatchNormKernels.gradient(accumulate, x, dy, dx, mean, scale, slope, shift, end, to);
  }
}
