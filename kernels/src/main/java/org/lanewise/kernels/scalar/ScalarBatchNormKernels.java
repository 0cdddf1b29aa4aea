package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.BatchNormKernels;

/** Batch norm and its gradients, one element after the other. */
public final class ScalarBatchNormKernels implements BatchNormKernels {
  /** Elements of a run that are added at once. */
  public static final int CHUNK = LANE_ELEMENTS * VirtualLanes.COUNT;

  /** The only instance. */
  public static final ScalarBatchNormKernels INSTANCE = new ScalarBatchNormKernels();

  private ScalarBatchNormKernels() {}

  /** What is added up for one element. */
  @FunctionalInterface
  private interface Term {
    float addTo(float sum, long at);
  }

  private static float sum(long channel, long batch, long channels, long spatial, Term term) {
    float total = 0f;
    float[] lanes = new float[VirtualLanes.COUNT];
    long inLane = 0;
    for (long i = 0; i < batch; i++) {
      long run = (i * channels + channel) * spatial;
      for (long chunk = 0; chunk < spatial; chunk += CHUNK) {
        long count = Math.min(CHUNK, spatial - chunk);
        long more = (count + (VirtualLanes.COUNT - 1)) / VirtualLanes.COUNT;
        if (inLane + more > LANE_ELEMENTS) {
          total += VirtualLanes.sum(lanes);
          lanes = new float[VirtualLanes.COUNT];
          inLane = 0;
        }
        inLane += more;
        for (long j = 0; j < count; j++) {
          int lane = (int) (j % VirtualLanes.COUNT);
          lanes[lane] = term.addTo(lanes[lane], run + chunk + j);
        }
      }
    }
    return total + VirtualLanes.sum(lanes);
  }

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
    for (long c = from; c < to; c++) {
      float first = x.getAtIndex(JAVA_FLOAT, c * spatial);
      float shift =
          sum(
                  c,
                  batch,
                  channels,
                  spatial,
                  (sum, at) -> sum + (x.getAtIndex(JAVA_FLOAT, at) - first))
              / count(batch, spatial);
      float mean = first + shift;
      float rest = ScalarRowNormKernels.rest(first, shift);
      float squares =
          sum(
              c,
              batch,
              channels,
              spatial,
              (sum, at) -> {
                float difference = x.getAtIndex(JAVA_FLOAT, at) - mean - rest;
                return Math.fma(difference, difference, sum);
              });
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
              count(batch, spatial),
              c);
      float scale = rstd * weight.getAtIndex(JAVA_FLOAT, c);
      float offset = Math.fma(-rest, scale, bias.getAtIndex(JAVA_FLOAT, c));
      for (long i = 0; i < batch; i++) {
        long run = (i * channels + c) * spatial;
        normalize(x, y, mean, scale, offset, run, run + spatial);
      }
    }
  }

  /** The number of elements of a channel. */
  public static float count(long batch, long spatial) {
    return (float) batch * (float) spatial;
  }

  /** Writes the statistics of a channel and returns its {@code rstd}. */
  public static float finish(
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment runningMeans,
      MemorySegment runningVariances,
      float epsilon,
      float momentum,
      float mean,
      float squares,
      float count,
      long channel) {
    float rstd = ScalarRowNormKernels.reciprocalRoot(squares / count + epsilon);
    means.setAtIndex(JAVA_FLOAT, channel, mean);
    rstds.setAtIndex(JAVA_FLOAT, channel, rstd);
    move(runningMeans, channel, mean, momentum);
    move(runningVariances, channel, squares / (count - 1f), momentum);
    return rstd;
  }

  private static void move(MemorySegment running, long channel, float value, float momentum) {
    float old = running.getAtIndex(JAVA_FLOAT, channel);
    running.setAtIndex(JAVA_FLOAT, channel, Math.fma(momentum, value, (1f - momentum) * old));
  }

  /** {@code y = (x − mean) · scale + shift} for elements {@code from ≤ j < to}. */
  public static void normalize(
      MemorySegment x, MemorySegment y, float mean, float scale, float shift, long from, long to) {
    for (long j = from; j < to; j++) {
      y.setAtIndex(JAVA_FLOAT, j, Math.fma(x.getAtIndex(JAVA_FLOAT, j) - mean, scale, shift));
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
    for (long c = from; c < to; c++) {
      float rstd =
          ScalarRowNormKernels.reciprocalRoot(variances.getAtIndex(JAVA_FLOAT, c) + epsilon);
      rstds.setAtIndex(JAVA_FLOAT, c, rstd);
      float mean = means.getAtIndex(JAVA_FLOAT, c);
      float scale = rstd * weight.getAtIndex(JAVA_FLOAT, c);
      float shift = bias.getAtIndex(JAVA_FLOAT, c);
      for (long i = 0; i < batch; i++) {
        long run = (i * channels + c) * spatial;
        normalize(x, y, mean, scale, shift, run, run + spatial);
      }
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
    float count = count(batch, spatial);
    for (long c = from; c < to; c++) {
      float mean = means.getAtIndex(JAVA_FLOAT, c);
      float rstd = rstds.getAtIndex(JAVA_FLOAT, c);
      float differences =
          sum(
              c,
              batch,
              channels,
              spatial,
              (sum, at) -> sum + (x.getAtIndex(JAVA_FLOAT, at) - mean));
      float gradients =
          sum(c, batch, channels, spatial, (sum, at) -> sum + dy.getAtIndex(JAVA_FLOAT, at));
      float products =
          sum(
              c,
              batch,
              channels,
              spatial,
              (sum, at) ->
                  Math.fma(
                      x.getAtIndex(JAVA_FLOAT, at) - mean, dy.getAtIndex(JAVA_FLOAT, at), sum));
      float rest = training ? differences / count : 0f;
      float product = products - rest * gradients;
      put(accumulateParameters, dBias, c, gradients);
      put(accumulateParameters, dWeight, c, product * rstd);
      float scale = weight.getAtIndex(JAVA_FLOAT, c) * rstd;
      float slope = training ? slope(product, rstd, scale, count) : 0f;
      float shift = training ? shift(rest, slope, scale, gradients, count) : 0f;
      for (long i = 0; i < batch; i++) {
        long run = (i * channels + c) * spatial;
        gradient(accumulate, x, dy, dx, mean, scale, slope, shift, run, run + spatial);
      }
    }
  }

  /** Writes a parameter's gradient, or adds it to what is there. */
  public static void put(boolean accumulate, MemorySegment gradients, long at, float gradient) {
    gradients.setAtIndex(
        JAVA_FLOAT, at, accumulate ? gradients.getAtIndex(JAVA_FLOAT, at) + gradient : gradient);
  }

  /** How much the gradient falls with x. */
  public static float slope(float product, float rstd, float scale, float count) {
    return product / count * rstd * rstd * scale;
  }

  /** What is added to all gradients of a channel. */
  public static float shift(float rest, float slope, float scale, float sum, float count) {
    return Math.fma(rest, slope, -scale * (sum / count));
  }

  /**
   * {@code dx = dy · scale + shift − (x − mean) · slope}, or {@code dx += …}, for elements {@code
   * from ≤ j < to}.
   */
  public static void gradient(
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
    for (long j = from; j < to; j++) {
      float difference = x.getAtIndex(JAVA_FLOAT, j) - mean;
      float gradient =
          Math.fma(difference, -slope, Math.fma(dy.getAtIndex(JAVA_FLOAT, j), scale, shift));
      dx.setAtIndex(JAVA_FLOAT, j, accumulate ? dx.getAtIndex(JAVA_FLOAT, j) + gradient : gradient);
    }
  }
}
