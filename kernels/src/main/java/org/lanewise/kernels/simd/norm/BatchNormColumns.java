package org.lanewise.kernels.simd.norm;

import static org.lanewise.kernels.host.BatchNormKernels.LANE_ELEMENTS;
import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.finish;
import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.put;
import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.shift;
import static org.lanewise.kernels.scalar.ScalarBatchNormKernels.slope;
import static org.lanewise.kernels.scalar.ScalarRowNormKernels.reciprocalRoot;
import static org.lanewise.kernels.scalar.ScalarRowNormKernels.rest;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.scalar.ScalarBatchNormKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/**
 * Batch norm of matrices [batch, channels]: as many channels at once as a vector has lanes, from
 * {@code from} to {@code to}, whose distance is a multiple of that. Sums have the order of {@link
 * ScalarBatchNormKernels}, where it is the first lane that gets everything.
 */
final class BatchNormColumns {
  // Vectors that one step leaves to the next, as offsets in Scratch.chunk.
  private static final int SUM = 0;
  private static final int GRADIENTS = COUNT;
  private static final int PRODUCTS = 2 * COUNT;
  private static final int MEAN = 3 * COUNT;
  private static final int REST = 4 * COUNT;
  private static final int SCALE = 5 * COUNT;
  private static final int SLOPE = 6 * COUNT; // negated
  private static final int SHIFT = 7 * COUNT;

  private BatchNormColumns() {}

  static void training(
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
      long from,
      long to) {
    MemorySegment state = Scratch.ofThread().chunk;
    for (long c = from; c < to; c += COUNT) {
      copy(x, c, state, MEAN);
      clear(state, SUM);
      for (long i = 0; i < batch; i += LANE_ELEMENTS) {
        addDifferences(x, i, Math.min(i + LANE_ELEMENTS, batch), channels, c, state);
      }
      for (int lane = 0; lane < COUNT; lane++) {
        float first = state.getAtIndex(FLOAT, MEAN + lane);
        float shift = state.getAtIndex(FLOAT, SUM + lane) / batch;
        state.setAtIndex(FLOAT, MEAN + lane, first + shift);
        state.setAtIndex(FLOAT, REST + lane, rest(first, shift));
      }
      clear(state, SUM);
      for (long i = 0; i < batch; i += LANE_ELEMENTS) {
        addSquares(x, i, Math.min(i + LANE_ELEMENTS, batch), channels, c, state);
      }
      for (int lane = 0; lane < COUNT; lane++) {
        float rstd =
            finish(
                means,
                rstds,
                runningMeans,
                runningVariances,
                epsilon,
                momentum,
                state.getAtIndex(FLOAT, MEAN + lane),
                state.getAtIndex(FLOAT, SUM + lane),
                batch,
                c + lane);
        float scale = rstd * weight.getAtIndex(FLOAT, c + lane);
        float rest = state.getAtIndex(FLOAT, REST + lane);
        state.setAtIndex(FLOAT, SCALE + lane, scale);
        state.setAtIndex(
            FLOAT, SHIFT + lane, Math.fma(-rest, scale, bias.getAtIndex(FLOAT, c + lane)));
      }
      normalize(x, y, batch, channels, c, state);
    }
  }

  private static void copy(MemorySegment x, long from, MemorySegment state, int at) {
    for (int lane = 0; lane < COUNT; lane++) {
      state.setAtIndex(FLOAT, at + lane, x.getAtIndex(FLOAT, from + lane));
    }
  }

  private static void clear(MemorySegment state, int at) {
    for (int lane = 0; lane < COUNT; lane++) {
      state.setAtIndex(FLOAT, at + lane, 0f);
    }
  }

  static void evaluation(
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
      long from,
      long to) {
    MemorySegment state = Scratch.ofThread().chunk;
    for (long c = from; c < to; c += COUNT) {
      copy(means, c, state, MEAN);
      copy(bias, c, state, SHIFT);
      for (int lane = 0; lane < COUNT; lane++) {
        float rstd = reciprocalRoot(variances.getAtIndex(FLOAT, c + lane) + epsilon);
        rstds.setAtIndex(FLOAT, c + lane, rstd);
        state.setAtIndex(FLOAT, SCALE + lane, rstd * weight.getAtIndex(FLOAT, c + lane));
      }
      normalize(x, y, batch, channels, c, state);
    }
  }

  static void backward(
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
      long from,
      long to) {
    MemorySegment state = Scratch.ofThread().chunk;
    for (long c = from; c < to; c += COUNT) {
      copy(means, c, state, MEAN);
      clear(state, SUM);
      clear(state, GRADIENTS);
      clear(state, PRODUCTS);
      for (long i = 0; i < batch; i += LANE_ELEMENTS) {
        addGradientSums(x, dy, i, Math.min(i + LANE_ELEMENTS, batch), channels, c, state);
      }
      for (int lane = 0; lane < COUNT; lane++) {
        float gradients = state.getAtIndex(FLOAT, GRADIENTS + lane);
        float rstd = rstds.getAtIndex(FLOAT, c + lane);
        float rest = training ? state.getAtIndex(FLOAT, SUM + lane) / batch : 0f;
        float product = state.getAtIndex(FLOAT, PRODUCTS + lane) - rest * gradients;
        put(accumulateParameters, dBias, c + lane, gradients);
        put(accumulateParameters, dWeight, c + lane, product * rstd);
        float scale = weight.getAtIndex(FLOAT, c + lane) * rstd;
        float slope = training ? slope(product, rstd, scale, batch) : 0f;
        state.setAtIndex(FLOAT, SCALE + lane, scale);
        state.setAtIndex(FLOAT, SLOPE + lane, -slope);
        state.setAtIndex(
            FLOAT, SHIFT + lane, training ? shift(rest, slope, scale, gradients, batch) : 0f);
      }
      if (accumulate) {
        addGradients(x, dy, dx, batch, channels, c, state);
      } else {
        gradients(x, dy, dx, batch, channels, c, state);
      }
    }
  }

  private static void addDifferences(
      MemorySegment x, long rowFrom, long rowTo, long channels, long channel, MemorySegment state) {
    x = Lanes.memory(x);
    state = Lanes.memory(state);
    FloatVector shift =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, MEAN * Float.BYTES, ORDER));
    FloatVector sums = FloatVector.zero(F32);
    for (long i = rowFrom; i < rowTo; i++) {
      long at = i * channels + channel;
      sums =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER))
              .sub(shift)
              .add(sums);
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, state, SUM * Float.BYTES, ORDER))
        .add(sums)
        .intoMemorySegment(state, SUM * Float.BYTES, ORDER);
  }

  private static void addSquares(
      MemorySegment x, long rowFrom, long rowTo, long channels, long channel, MemorySegment state) {
    x = Lanes.memory(x);
    state = Lanes.memory(state);
    FloatVector mean =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, MEAN * Float.BYTES, ORDER));
    FloatVector rest =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, REST * Float.BYTES, ORDER));
    FloatVector sums = FloatVector.zero(F32);
    for (long i = rowFrom; i < rowTo; i++) {
      long at = i * channels + channel;
      FloatVector difference =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER))
              .sub(mean)
              .sub(rest);
      sums = difference.fma(difference, sums);
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, state, SUM * Float.BYTES, ORDER))
        .add(sums)
        .intoMemorySegment(state, SUM * Float.BYTES, ORDER);
  }

  private static void addGradientSums(
      MemorySegment x,
      MemorySegment dy,
      long rowFrom,
      long rowTo,
      long channels,
      long channel,
      MemorySegment state) {
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    state = Lanes.memory(state);
    FloatVector mean =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, MEAN * Float.BYTES, ORDER));
    FloatVector differences = FloatVector.zero(F32);
    FloatVector gradients = FloatVector.zero(F32);
    FloatVector products = FloatVector.zero(F32);
    for (long i = rowFrom; i < rowTo; i++) {
      long at = i * channels + channel;
      FloatVector difference =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER)).sub(mean);
      FloatVector g = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER));
      differences = difference.add(differences);
      gradients = g.add(gradients);
      products = difference.fma(g, products);
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, state, SUM * Float.BYTES, ORDER))
        .add(differences)
        .intoMemorySegment(state, SUM * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, state, GRADIENTS * Float.BYTES, ORDER))
        .add(gradients)
        .intoMemorySegment(state, GRADIENTS * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, state, PRODUCTS * Float.BYTES, ORDER))
        .add(products)
        .intoMemorySegment(state, PRODUCTS * Float.BYTES, ORDER);
  }

  private static void normalize(
      MemorySegment x,
      MemorySegment y,
      long batch,
      long channels,
      long channel,
      MemorySegment state) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    state = Lanes.memory(state);
    FloatVector mean =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, MEAN * Float.BYTES, ORDER));
    FloatVector scale =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, SCALE * Float.BYTES, ORDER));
    FloatVector shift =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, SHIFT * Float.BYTES, ORDER));
    for (long i = 0; i < batch; i++) {
      long at = i * channels + channel;
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER))
          .sub(mean)
          .fma(scale, shift)
          .intoMemorySegment(y, at * Float.BYTES, ORDER);
    }
  }

  private static void gradients(
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dx,
      long batch,
      long channels,
      long channel,
      MemorySegment state) {
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    state = Lanes.memory(state);
    FloatVector mean =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, MEAN * Float.BYTES, ORDER));
    FloatVector scale =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, SCALE * Float.BYTES, ORDER));
    FloatVector slope =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, SLOPE * Float.BYTES, ORDER));
    FloatVector shift =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, SHIFT * Float.BYTES, ORDER));
    for (long i = 0; i < batch; i++) {
      long at = i * channels + channel;
      FloatVector difference =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER)).sub(mean);
      FloatVector gradient =
          difference.fma(
              slope,
              FLOATS
                  .cast(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER))
                  .fma(scale, shift));
      gradient.intoMemorySegment(dx, at * Float.BYTES, ORDER);
    }
  }

  private static void addGradients(
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dx,
      long batch,
      long channels,
      long channel,
      MemorySegment state) {
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    state = Lanes.memory(state);
    FloatVector mean =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, MEAN * Float.BYTES, ORDER));
    FloatVector scale =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, SCALE * Float.BYTES, ORDER));
    FloatVector slope =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, SLOPE * Float.BYTES, ORDER));
    FloatVector shift =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, state, SHIFT * Float.BYTES, ORDER));
    for (long i = 0; i < batch; i++) {
      long at = i * channels + channel;
      FloatVector difference =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER)).sub(mean);
      FloatVector gradient =
          difference.fma(
              slope,
              FLOATS
                  .cast(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER))
                  .fma(scale, shift));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dx, at * Float.BYTES, ORDER))
          .add(gradient)
          .intoMemorySegment(dx, at * Float.BYTES, ORDER);
    }
  }
}
