package org.lanewise.kernels.simd.norm;

import static org.lanewise.kernels.scalar.ScalarRowNormKernels.reciprocalRoot;
import static org.lanewise.kernels.scalar.ScalarRowNormKernels.rest;
import static org.lanewise.kernels.scalar.ScalarRowNormKernels.slope;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;
import static org.lanewise.kernels.simd.norm.NormLoops.SECOND;
import static org.lanewise.kernels.simd.norm.NormLoops.THIRD;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.RowNormKernels;
import org.lanewise.kernels.scalar.ScalarBatchNormKernels;
import org.lanewise.kernels.scalar.ScalarRowNormKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.reduction.RowSums;

/** Layer norm, RMS norm and group norm and their gradients. Nothing is checked. */
public final class SimdRowNormKernels implements RowNormKernels {
  /** Columns whose parameters' gradients are summed at once. */
  private static final int BLOCK = 4 * COUNT;

  /** The only instance. */
  public static final SimdRowNormKernels INSTANCE = new SimdRowNormKernels();

  private SimdRowNormKernels() {}

  @Override
  public void layerNorm(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment means,
      MemorySegment rstds,
      float epsilon,
      long columns,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float first = columns == 0 ? 0f : x.getAtIndex(FLOAT, from);
      float shift = RowSums.sumOfDifferences(x, first, from, to, scratch) / columns;
      float mean = first + shift;
      float rest = rest(first, shift);
      float variance = RowSums.sumOfSquares(x, mean, rest, from, to, scratch) / columns;
      float rstd = reciprocalRoot(variance + epsilon);
      long end = vectorEnd(from, to);
      NormLoops.normalize(x, weight, bias, y, mean, rstd, -rest * rstd, from, from, end);
      ScalarRowNormKernels.normalize(
          x, weight, bias, y, mean, rest, rstd, from, end - from, columns);
      means.setAtIndex(FLOAT, i, mean);
      rstds.setAtIndex(FLOAT, i, rstd);
    }
  }

  @Override
  public void rmsNorm(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment y,
      MemorySegment rstds,
      float epsilon,
      long columns,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float rstd = reciprocalRoot(RowSums.dot(x, x, from, to, scratch) / columns + epsilon);
      long end = vectorEnd(from, to);
      NormLoops.scale(x, weight, y, rstd, from, from, end);
      ScalarRowNormKernels.scale(x, weight, y, rstd, from, end - from, columns);
      rstds.setAtIndex(FLOAT, i, rstd);
    }
  }

  @Override
  public void layerNormBackward(
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dx,
      long columns,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float mean = means.getAtIndex(FLOAT, i);
      float rstd = rstds.getAtIndex(FLOAT, i);
      gradientSums(x, mean, dy, weight, from, from + columns, scratch);
      float rest = scratch.sumOfLanes(0) / columns;
      float sum = scratch.sumOfLanes(SECOND);
      float slope = slope(scratch.sumOfLanes(THIRD) - rest * sum, rstd, columns);
      float shift = Math.fma(rest, slope, -rstd * (sum / columns));
      gradient(accumulate, x, weight, dy, dx, mean, rstd, slope, shift, from, columns);
    }
  }

  private static void gradientSums(
      MemorySegment x,
      float mean,
      MemorySegment dy,
      MemorySegment weight,
      long from,
      long to,
      Scratch scratch) {
    long end = RowSums.tailStart(from, to);
    scratch.clearLanes();
    NormLoops.weightedGradientSums(x, mean, dy, weight, from, from, end, scratch.lanes);
    for (long j = end; j < to; j++) {
      float difference = x.getAtIndex(FLOAT, j) - mean;
      float g = dy.getAtIndex(FLOAT, j) * weight.getAtIndex(FLOAT, j - from);
      scratch.addToLane(j - end, difference);
      scratch.addToLane(SECOND + (j - end), g);
      scratch.addToLane(THIRD + (j - end), g, difference);
    }
  }

  private static void gradient(
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment dy,
      MemorySegment dx,
      float mean,
      float rstd,
      float slope,
      float shift,
      long from,
      long columns) {
    long end = vectorEnd(from, from + columns);
    if (accumulate) {
      NormLoops.addWeightedGradient(x, weight, dy, dx, mean, rstd, slope, shift, from, from, end);
    } else {
      NormLoops.weightedGradient(x, weight, dy, dx, mean, rstd, slope, shift, from, from, end);
    }
    ScalarRowNormKernels.gradient(
        accumulate, x, weight, dy, dx, mean, rstd, slope, shift, from, end - from, columns);
  }

  @Override
  public void rmsNormBackward(
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dx,
      long columns,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float rstd = rstds.getAtIndex(FLOAT, i);
      gradientSums(x, 0f, dy, weight, from, from + columns, scratch);
      float slope = slope(scratch.sumOfLanes(THIRD), rstd, columns);
      gradient(accumulate, x, weight, dy, dx, 0f, rstd, slope, 0f, from, columns);
    }
  }

  @Override
  public void layerNormParameters(
      boolean accumulate,
      MemorySegment x,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      MemorySegment dBias,
      long rows,
      long columns,
      long columnFrom,
      long columnTo) {
    long blocksEnd = columnTo - (columnTo - columnFrom) % BLOCK;
    long end = vectorEnd(columnFrom, columnTo);
    if (!accumulate) {
      clear(dWeight, columnFrom, end);
      clear(dBias, columnFrom, end);
    }
    for (long i = 0; i < rows; i += ROW_BLOCK) {
      long rowEnd = Math.min(i + ROW_BLOCK, rows);
      for (long j = columnFrom; j < blocksEnd; j += BLOCK) {
        addWeightBlock(x, means, rstds, dy, dWeight, i, rowEnd, columns, j);
        addBiasBlock(dy, dBias, i, rowEnd, columns, j);
      }
      for (long j = blocksEnd; j < end; j += COUNT) {
        addWeight(x, means, rstds, dy, dWeight, i, rowEnd, columns, j);
        addBias(dy, dBias, i, rowEnd, columns, j);
      }
    }
    ScalarRowNormKernels.INSTANCE.layerNormParameters(
        accumulate, x, means, rstds, dy, dWeight, dBias, rows, columns, end, columnTo);
  }

  private static void clear(MemorySegment sums, long from, long to) {
    for (long j = from; j < to; j++) {
      sums.setAtIndex(FLOAT, j, 0f);
    }
  }

  @Override
  public void rmsNormParameters(
      boolean accumulate,
      MemorySegment x,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      long rows,
      long columns,
      long columnFrom,
      long columnTo) {
    long blocksEnd = columnTo - (columnTo - columnFrom) % BLOCK;
    long end = vectorEnd(columnFrom, columnTo);
    if (!accumulate) {
      clear(dWeight, columnFrom, end);
    }
    for (long i = 0; i < rows; i += ROW_BLOCK) {
      long rowEnd = Math.min(i + ROW_BLOCK, rows);
      for (long j = columnFrom; j < blocksEnd; j += BLOCK) {
        addScaledWeightBlock(x, rstds, dy, dWeight, i, rowEnd, columns, j);
      }
      for (long j = blocksEnd; j < end; j += COUNT) {
        addScaledWeight(x, rstds, dy, dWeight, i, rowEnd, columns, j);
      }
    }
    ScalarRowNormKernels.INSTANCE.rmsNormParameters(
        accumulate, x, rstds, dy, dWeight, rows, columns, end, columnTo);
  }

  private static void addWeightBlock(
      MemorySegment x,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      long rowFrom,
      long rowTo,
      long columns,
      long column) {
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    dWeight = Lanes.memory(dWeight);
    FloatVector sum0 = FloatVector.zero(F32);
    FloatVector sum1 = FloatVector.zero(F32);
    FloatVector sum2 = FloatVector.zero(F32);
    FloatVector sum3 = FloatVector.zero(F32);
    for (long i = rowFrom; i < rowTo; i++) {
      long at = i * columns + column;
      // Once for all four, to keep the method well below the nodes that the compiler grants
      FloatVector mean = FloatVector.broadcast(F32, means.getAtIndex(FLOAT, i));
      FloatVector rstd = FloatVector.broadcast(F32, rstds.getAtIndex(FLOAT, i));
      sum0 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER))
              .sub(mean)
              .mul(rstd)
              .fma(
                  FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER)),
                  FLOATS.cast(sum0));
      sum1 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (at + COUNT) * Float.BYTES, ORDER))
              .sub(mean)
              .mul(rstd)
              .fma(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(F32, dy, (at + COUNT) * Float.BYTES, ORDER)),
                  FLOATS.cast(sum1));
      sum2 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (at + 2 * COUNT) * Float.BYTES, ORDER))
              .sub(mean)
              .mul(rstd)
              .fma(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(
                          F32, dy, (at + 2 * COUNT) * Float.BYTES, ORDER)),
                  FLOATS.cast(sum2));
      sum3 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (at + 3 * COUNT) * Float.BYTES, ORDER))
              .sub(mean)
              .mul(rstd)
              .fma(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(
                          F32, dy, (at + 3 * COUNT) * Float.BYTES, ORDER)),
                  FLOATS.cast(sum3));
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dWeight, column * Float.BYTES, ORDER))
        .add(FLOATS.cast(sum0))
        .intoMemorySegment(dWeight, column * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dWeight, (column + COUNT) * Float.BYTES, ORDER))
        .add(FLOATS.cast(sum1))
        .intoMemorySegment(dWeight, (column + COUNT) * Float.BYTES, ORDER);
    FLOATS
        .cast(
            FloatVector.fromMemorySegment(F32, dWeight, (column + 2 * COUNT) * Float.BYTES, ORDER))
        .add(FLOATS.cast(sum2))
        .intoMemorySegment(dWeight, (column + 2 * COUNT) * Float.BYTES, ORDER);
    FLOATS
        .cast(
            FloatVector.fromMemorySegment(F32, dWeight, (column + 3 * COUNT) * Float.BYTES, ORDER))
        .add(FLOATS.cast(sum3))
        .intoMemorySegment(dWeight, (column + 3 * COUNT) * Float.BYTES, ORDER);
  }

  private static void addBiasBlock(
      MemorySegment dy, MemorySegment dBias, long rowFrom, long rowTo, long columns, long column) {
    dy = Lanes.memory(dy);
    dBias = Lanes.memory(dBias);
    FloatVector sum0 = FloatVector.zero(F32);
    FloatVector sum1 = FloatVector.zero(F32);
    FloatVector sum2 = FloatVector.zero(F32);
    FloatVector sum3 = FloatVector.zero(F32);
    for (long i = rowFrom; i < rowTo; i++) {
      long at = i * columns + column;
      sum0 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER))
              .add(FLOATS.cast(sum0));
      sum1 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, (at + COUNT) * Float.BYTES, ORDER))
              .add(FLOATS.cast(sum1));
      sum2 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, (at + 2 * COUNT) * Float.BYTES, ORDER))
              .add(FLOATS.cast(sum2));
      sum3 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, (at + 3 * COUNT) * Float.BYTES, ORDER))
              .add(FLOATS.cast(sum3));
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dBias, column * Float.BYTES, ORDER))
        .add(FLOATS.cast(sum0))
        .intoMemorySegment(dBias, column * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dBias, (column + COUNT) * Float.BYTES, ORDER))
        .add(FLOATS.cast(sum1))
        .intoMemorySegment(dBias, (column + COUNT) * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dBias, (column + 2 * COUNT) * Float.BYTES, ORDER))
        .add(FLOATS.cast(sum2))
        .intoMemorySegment(dBias, (column + 2 * COUNT) * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dBias, (column + 3 * COUNT) * Float.BYTES, ORDER))
        .add(FLOATS.cast(sum3))
        .intoMemorySegment(dBias, (column + 3 * COUNT) * Float.BYTES, ORDER);
  }

  private static void addWeight(
      MemorySegment x,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      long rowFrom,
      long rowTo,
      long columns,
      long column) {
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    dWeight = Lanes.memory(dWeight);
    FloatVector sum = FloatVector.zero(F32);
    for (long i = rowFrom; i < rowTo; i++) {
      long at = i * columns + column;
      float mean = means.getAtIndex(FLOAT, i);
      float rstd = rstds.getAtIndex(FLOAT, i);
      sum =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER))
              .sub(mean)
              .mul(rstd)
              .fma(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER), sum);
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dWeight, column * Float.BYTES, ORDER))
        .add(sum)
        .intoMemorySegment(dWeight, column * Float.BYTES, ORDER);
  }

  private static void addBias(
      MemorySegment dy, MemorySegment dBias, long rowFrom, long rowTo, long columns, long column) {
    dy = Lanes.memory(dy);
    dBias = Lanes.memory(dBias);
    FloatVector sum = FloatVector.zero(F32);
    for (long i = rowFrom; i < rowTo; i++) {
      long at = i * columns + column;
      sum = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER)).add(sum);
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dBias, column * Float.BYTES, ORDER))
        .add(sum)
        .intoMemorySegment(dBias, column * Float.BYTES, ORDER);
  }

  private static void addScaledWeightBlock(
      MemorySegment x,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      long rowFrom,
      long rowTo,
      long columns,
      long column) {
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    dWeight = Lanes.memory(dWeight);
    FloatVector zero = FloatVector.zero(F32);
    FloatVector sum0 = zero;
    FloatVector sum1 = zero;
    FloatVector sum2 = zero;
    FloatVector sum3 = zero;
    for (long i = rowFrom; i < rowTo; i++) {
      long at = i * columns + column;
      float rstd = rstds.getAtIndex(FLOAT, i);
      sum0 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER))
              .mul(rstd)
              .fma(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER), sum0);
      sum1 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (at + COUNT) * Float.BYTES, ORDER))
              .mul(rstd)
              .fma(FloatVector.fromMemorySegment(F32, dy, (at + COUNT) * Float.BYTES, ORDER), sum1);
      sum2 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (at + 2 * COUNT) * Float.BYTES, ORDER))
              .mul(rstd)
              .fma(
                  FloatVector.fromMemorySegment(F32, dy, (at + 2 * COUNT) * Float.BYTES, ORDER),
                  sum2);
      sum3 =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, (at + 3 * COUNT) * Float.BYTES, ORDER))
              .mul(rstd)
              .fma(
                  FloatVector.fromMemorySegment(F32, dy, (at + 3 * COUNT) * Float.BYTES, ORDER),
                  sum3);
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dWeight, column * Float.BYTES, ORDER))
        .add(sum0)
        .intoMemorySegment(dWeight, column * Float.BYTES, ORDER);
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dWeight, (column + COUNT) * Float.BYTES, ORDER))
        .add(sum1)
        .intoMemorySegment(dWeight, (column + COUNT) * Float.BYTES, ORDER);
    FLOATS
        .cast(
            FloatVector.fromMemorySegment(F32, dWeight, (column + 2 * COUNT) * Float.BYTES, ORDER))
        .add(sum2)
        .intoMemorySegment(dWeight, (column + 2 * COUNT) * Float.BYTES, ORDER);
    FLOATS
        .cast(
            FloatVector.fromMemorySegment(F32, dWeight, (column + 3 * COUNT) * Float.BYTES, ORDER))
        .add(sum3)
        .intoMemorySegment(dWeight, (column + 3 * COUNT) * Float.BYTES, ORDER);
  }

  private static void addScaledWeight(
      MemorySegment x,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      long rowFrom,
      long rowTo,
      long columns,
      long column) {
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    dWeight = Lanes.memory(dWeight);
    FloatVector sum = FloatVector.zero(F32);
    for (long i = rowFrom; i < rowTo; i++) {
      long at = i * columns + column;
      float rstd = rstds.getAtIndex(FLOAT, i);
      sum =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, x, at * Float.BYTES, ORDER))
              .mul(rstd)
              .fma(FloatVector.fromMemorySegment(F32, dy, at * Float.BYTES, ORDER), sum);
    }
    FLOATS
        .cast(FloatVector.fromMemorySegment(F32, dWeight, column * Float.BYTES, ORDER))
        .add(sum)
        .intoMemorySegment(dWeight, column * Float.BYTES, ORDER);
  }

  @Override
  public void groupNorm(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment means,
      MemorySegment rstds,
      float epsilon,
      long groups,
      long channels,
      long spatial,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    long columns = channels / groups * spatial;
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float first = columns == 0 ? 0f : x.getAtIndex(FLOAT, from);
      float shift = RowSums.sumOfDifferences(x, first, from, to, scratch) / columns;
      float mean = first + shift;
      float rest = rest(first, shift);
      float variance = RowSums.sumOfSquares(x, mean, rest, from, to, scratch) / columns;
      float rstd = reciprocalRoot(variance + epsilon);
      for (long run = from; run < to; run += spatial) {
        long channel = run / spatial % channels;
        float scale = rstd * weight.getAtIndex(FLOAT, channel);
        float offset = Math.fma(-rest, scale, bias.getAtIndex(FLOAT, channel));
        long end = vectorEnd(run, run + spatial);
        NormLoops.normalize(x, y, mean, scale, offset, run, end);
        ScalarBatchNormKernels.normalize(x, y, mean, scale, offset, end, run + spatial);
      }
      means.setAtIndex(FLOAT, i, mean);
      rstds.setAtIndex(FLOAT, i, rstd);
    }
  }

  @Override
  public void groupNormBackward(
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dx,
      long groups,
      long channels,
      long spatial,
      long rowFrom,
      long rowTo) {
    Scratch scratch = Scratch.ofThread();
    long columns = channels / groups * spatial;
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float mean = means.getAtIndex(FLOAT, i);
      float rstd = rstds.getAtIndex(FLOAT, i);
      float differences = 0f;
      float gradients = 0f;
      float products = 0f;
      for (long run = from; run < to; run += spatial) {
        float w = weight.getAtIndex(FLOAT, run / spatial % channels);
        gradientSums(x, mean, dy, run, run + spatial, scratch);
        differences += scratch.sumOfLanes(0);
        gradients = Math.fma(scratch.sumOfLanes(SECOND), w, gradients);
        products = Math.fma(scratch.sumOfLanes(THIRD), w, products);
      }
      float rest = differences / columns;
      float slope = slope(products - rest * gradients, rstd, columns);
      float shift = Math.fma(rest, slope, -rstd * (gradients / columns));
      for (long run = from; run < to; run += spatial) {
        float scale = weight.getAtIndex(FLOAT, run / spatial % channels) * rstd;
        long end = vectorEnd(run, run + spatial);
        if (accumulate) {
          NormLoops.addGradient(x, dy, dx, mean, scale, slope, shift, run, end);
        } else {
          NormLoops.gradient(x, dy, dx, mean, scale, slope, shift, run, end);
        }
        ScalarBatchNormKernels.gradient(
            accumulate, x, dy, dx, mean, scale, slope, shift, end, run + spatial);
      }
    }
  }

  /** Leaves the sums of {@code x − mean}, dy, and their products in the scratch's lanes. */
  private static void gradientSums(
      MemorySegment x, float mean, MemorySegment dy, long from, long to, Scratch scratch) {
    long end = RowSums.tailStart(from, to);
    scratch.clearLanes();
    NormLoops.gradientSums(x, mean, dy, from, end, scratch.lanes);
    for (long j = end; j < to; j++) {
      float difference = x.getAtIndex(FLOAT, j) - mean;
      float g = dy.getAtIndex(FLOAT, j);
      scratch.addToLane(j - end, difference);
      scratch.addToLane(SECOND + (j - end), g);
      scratch.addToLane(THIRD + (j - end), difference, g);
    }
  }

  @Override
  public void groupNormParameters(
      boolean accumulate,
      MemorySegment x,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      MemorySegment dBias,
      long batch,
      long groups,
      long channels,
      long spatial,
      long from,
      long to) {
    Scratch scratch = Scratch.ofThread();
    long channelsOfGroup = channels / groups;
    for (long c = from; c < to; c++) {
      float weightSum = accumulate ? dWeight.getAtIndex(FLOAT, c) : 0f;
      float biasSum = accumulate ? dBias.getAtIndex(FLOAT, c) : 0f;
      for (long i = 0; i < batch; i++) {
        long row = i * groups + c / channelsOfGroup;
        long run = (i * channels + c) * spatial;
        float mean = means.getAtIndex(FLOAT, row);
        float rstd = rstds.getAtIndex(FLOAT, row);
        gradientSums(x, mean, dy, run, run + spatial, scratch);
        weightSum = Math.fma(scratch.sumOfLanes(THIRD), rstd, weightSum);
        biasSum += scratch.sumOfLanes(SECOND);
      }
      dWeight.setAtIndex(FLOAT, c, weightSum);
      dBias.setAtIndex(FLOAT, c, biasSum);
    }
  }
}
