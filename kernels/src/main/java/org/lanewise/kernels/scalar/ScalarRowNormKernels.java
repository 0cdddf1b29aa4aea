package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.RowNormKernels;

/** Layer norm, RMS norm and group norm and their gradients, one element after the other. */
public final class ScalarRowNormKernels implements RowNormKernels {
  /** The only instance. */
  public static final ScalarRowNormKernels INSTANCE = new ScalarRowNormKernels();

  private ScalarRowNormKernels() {}

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
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float first = columns == 0 ? 0f : x.getAtIndex(JAVA_FLOAT, from);
      float[] lanes = new float[VirtualLanes.COUNT];
      for (long j = 0; j < columns; j++) {
        lanes[lane(j)] += x.getAtIndex(JAVA_FLOAT, from + j) - first;
      }
      float shift = VirtualLanes.sum(lanes) / columns;
      float mean = first + shift;
      float rest = rest(first, shift);
      lanes = new float[VirtualLanes.COUNT];
      for (long j = 0; j < columns; j++) {
        float difference = x.getAtIndex(JAVA_FLOAT, from + j) - mean - rest;
        lanes[lane(j)] = Math.fma(difference, difference, lanes[lane(j)]);
      }
      float rstd = reciprocalRoot(VirtualLanes.sum(lanes) / columns + epsilon);
      normalize(x, weight, bias, y, mean, rest, rstd, from, 0, columns);
      means.setAtIndex(JAVA_FLOAT, i, mean);
      rstds.setAtIndex(JAVA_FLOAT, i, rstd);
    }
  }

  /** What rounding took from {@code a + b}, exactly (Knuth, TAOCP 2, 4.2.2). */
  public static float rest(float a, float b) {
    float sum = a + b;
    float added = sum - a;
    return (a - (sum - added)) + (b - added);
  }

  /** {@code 1 / √x}, from a root and a quotient that are each rounded correctly. */
  public static float reciprocalRoot(float x) {
    return 1f / (float) Math.sqrt(x);
  }

  /** Writes columns {@code columnFrom ≤ j < columnTo} of the row that begins at {@code from}. */
  public static void normalize(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      float mean,
      float rest,
      float rstd,
      long from,
      long columnFrom,
      long columnTo) {
    float shift = -rest * rstd;
    for (long j = columnFrom; j < columnTo; j++) {
      float normalized = Math.fma(x.getAtIndex(JAVA_FLOAT, from + j) - mean, rstd, shift);
      y.setAtIndex(
          JAVA_FLOAT,
          from + j,
          Math.fma(normalized, weight.getAtIndex(JAVA_FLOAT, j), bias.getAtIndex(JAVA_FLOAT, j)));
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
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float[] lanes = new float[VirtualLanes.COUNT];
      for (long j = 0; j < columns; j++) {
        float value = x.getAtIndex(JAVA_FLOAT, from + j);
        lanes[lane(j)] = Math.fma(value, value, lanes[lane(j)]);
      }
      float rstd = reciprocalRoot(VirtualLanes.sum(lanes) / columns + epsilon);
      scale(x, weight, y, rstd, from, 0, columns);
      rstds.setAtIndex(JAVA_FLOAT, i, rstd);
    }
  }

  /** Writes columns {@code columnFrom ≤ j < columnTo} of the row that begins at {@code from}. */
  public static void scale(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment y,
      float rstd,
      long from,
      long columnFrom,
      long columnTo) {
    for (long j = columnFrom; j < columnTo; j++) {
      float normalized = x.getAtIndex(JAVA_FLOAT, from + j) * rstd;
      y.setAtIndex(JAVA_FLOAT, from + j, normalized * weight.getAtIndex(JAVA_FLOAT, j));
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
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float mean = means.getAtIndex(JAVA_FLOAT, i);
      float rstd = rstds.getAtIndex(JAVA_FLOAT, i);
      float[] differences = new float[VirtualLanes.COUNT];
      float[] gradients = new float[VirtualLanes.COUNT];
      float[] products = new float[VirtualLanes.COUNT];
      for (long j = 0; j < columns; j++) {
        float difference = x.getAtIndex(JAVA_FLOAT, from + j) - mean;
        float g = dy.getAtIndex(JAVA_FLOAT, from + j) * weight.getAtIndex(JAVA_FLOAT, j);
        differences[lane(j)] += difference;
        gradients[lane(j)] += g;
        products[lane(j)] = Math.fma(g, difference, products[lane(j)]);
      }
      float rest = VirtualLanes.sum(differences) / columns;
      float sum = VirtualLanes.sum(gradients);
      float slope = slope(VirtualLanes.sum(products) - rest * sum, rstd, columns);
      float shift = Math.fma(rest, slope, -rstd * (sum / columns));
      gradient(accumulate, x, weight, dy, dx, mean, rstd, slope, shift, from, 0, columns);
    }
  }

  /** {@code product · rstd³ / columns}. */
  public static float slope(float product, float rstd, long columns) {
    return product / columns * rstd * rstd * rstd;
  }

  /**
   * {@code dx = dy · weight · rstd + shift − (x − mean) · slope}, or {@code dx += …}, for columns
   * {@code columnFrom ≤ j < columnTo} of the row that begins at {@code from}.
   */
  public static void gradient(
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
      long columnFrom,
      long columnTo) {
    for (long j = columnFrom; j < columnTo; j++) {
      float g = dy.getAtIndex(JAVA_FLOAT, from + j) * weight.getAtIndex(JAVA_FLOAT, j);
      float difference = x.getAtIndex(JAVA_FLOAT, from + j) - mean;
      float gradient = Math.fma(difference, -slope, Math.fma(g, rstd, shift));
      dx.setAtIndex(
          JAVA_FLOAT,
          from + j,
          accumulate ? dx.getAtIndex(JAVA_FLOAT, from + j) + gradient : gradient);
    }
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
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float rstd = rstds.getAtIndex(JAVA_FLOAT, i);
      float[] products = new float[VirtualLanes.COUNT];
      for (long j = 0; j < columns; j++) {
        float g = dy.getAtIndex(JAVA_FLOAT, from + j) * weight.getAtIndex(JAVA_FLOAT, j);
        products[lane(j)] = Math.fma(g, x.getAtIndex(JAVA_FLOAT, from + j), products[lane(j)]);
      }
      float slope = slope(VirtualLanes.sum(products), rstd, columns);
      gradient(accumulate, x, weight, dy, dx, 0f, rstd, slope, 0f, from, 0, columns);
    }
  }

  private static int lane(long column) {
    return (int) (column % VirtualLanes.COUNT);
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
    for (long j = columnFrom; j < columnTo; j++) {
      float weightSum = accumulate ? dWeight.getAtIndex(JAVA_FLOAT, j) : 0f;
      float biasSum = accumulate ? dBias.getAtIndex(JAVA_FLOAT, j) : 0f;
      for (long block = 0; block < rows; block += ROW_BLOCK) {
        float weightBlock = 0f;
        float biasBlock = 0f;
        for (long i = block; i < Math.min(block + ROW_BLOCK, rows); i++) {
          float difference =
              x.getAtIndex(JAVA_FLOAT, i * columns + j) - means.getAtIndex(JAVA_FLOAT, i);
          float g = dy.getAtIndex(JAVA_FLOAT, i * columns + j);
          weightBlock = Math.fma(difference * rstds.getAtIndex(JAVA_FLOAT, i), g, weightBlock);
          biasBlock += g;
        }
        weightSum += weightBlock;
        biasSum += biasBlock;
      }
      dWeight.setAtIndex(JAVA_FLOAT, j, weightSum);
      dBias.setAtIndex(JAVA_FLOAT, j, biasSum);
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
    for (long j = columnFrom; j < columnTo; j++) {
      float sum = accumulate ? dWeight.getAtIndex(JAVA_FLOAT, j) : 0f;
      for (long block = 0; block < rows; block += ROW_BLOCK) {
        float blockSum = 0f;
        for (long i = block; i < Math.min(block + ROW_BLOCK, rows); i++) {
          float normalized =
              x.getAtIndex(JAVA_FLOAT, i * columns + j) * rstds.getAtIndex(JAVA_FLOAT, i);
          blockSum = Math.fma(normalized, dy.getAtIndex(JAVA_FLOAT, i * columns + j), blockSum);
        }
        sum += blockSum;
      }
      dWeight.setAtIndex(JAVA_FLOAT, j, sum);
    }
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
    long channelsOfGroup = channels / groups;
    long columns = channelsOfGroup * spatial;
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float first = columns == 0 ? 0f : x.getAtIndex(JAVA_FLOAT, from);
      float[] lanes = new float[VirtualLanes.COUNT];
      for (long j = 0; j < columns; j++) {
        lanes[lane(j)] += x.getAtIndex(JAVA_FLOAT, from + j) - first;
      }
      float shift = VirtualLanes.sum(lanes) / columns;
      float mean = first + shift;
      float rest = rest(first, shift);
      lanes = new float[VirtualLanes.COUNT];
      for (long j = 0; j < columns; j++) {
        float difference = x.getAtIndex(JAVA_FLOAT, from + j) - mean - rest;
        lanes[lane(j)] = Math.fma(difference, difference, lanes[lane(j)]);
      }
      float rstd = reciprocalRoot(VirtualLanes.sum(lanes) / columns + epsilon);
      for (long j = 0; j < columns; j++) {
        long channel = (i * channelsOfGroup + j / spatial) % channels;
        float scale = rstd * weight.getAtIndex(JAVA_FLOAT, channel);
        float offset = Math.fma(-rest, scale, bias.getAtIndex(JAVA_FLOAT, channel));
        float difference = x.getAtIndex(JAVA_FLOAT, from + j) - mean;
        y.setAtIndex(JAVA_FLOAT, from + j, Math.fma(difference, scale, offset));
      }
      means.setAtIndex(JAVA_FLOAT, i, mean);
      rstds.setAtIndex(JAVA_FLOAT, i, rstd);
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
    long columns = channels / groups * spatial;
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      long to = from + columns;
      float mean = means.getAtIndex(JAVA_FLOAT, i);
      float rstd = rstds.getAtIndex(JAVA_FLOAT, i);
      float differences = 0f;
      float gradients = 0f;
      float products = 0f;
      for (long run = from; run < to; run += spatial) {
        float w = weight.getAtIndex(JAVA_FLOAT, run / spatial % channels);
        differences += sumOfDifferences(x, mean, run, run + spatial);
        gradients = Math.fma(sumOfDifferences(dy, 0f, run, run + spatial), w, gradients);
        products = Math.fma(sumOfProducts(x, mean, dy, run, run + spatial), w, products);
      }
      float rest = differences / columns;
      float slope = slope(products - rest * gradients, rstd, columns);
      float shift = Math.fma(rest, slope, -rstd * (gradients / columns));
      for (long run = from; run < to; run += spatial) {
        float scale = weight.getAtIndex(JAVA_FLOAT, run / spatial % channels) * rstd;
        ScalarBatchNormKernels.gradient(
            accumulate, x, dy, dx, mean, scale, slope, shift, run, run + spatial);
      }
    }
  }

  private static float sumOfDifferences(MemorySegment x, float shift, long from, long to) {
    float[] lanes = new float[VirtualLanes.COUNT];
    for (long j = from; j < to; j++) {
      lanes[lane(j - from)] += x.getAtIndex(JAVA_FLOAT, j) - shift;
    }
    return VirtualLanes.sum(lanes);
  }

  private static float sumOfProducts(
      MemorySegment x, float mean, MemorySegment dy, long from, long to) {
    float[] lanes = new float[VirtualLanes.COUNT];
    for (long j = from; j < to; j++) {
      float difference = x.getAtIndex(JAVA_FLOAT, j) - mean;
      lanes[lane(j - from)] =
          Math.fma(difference, dy.getAtIndex(JAVA_FLOAT, j), lanes[lane(j - from)]);
    }
    return VirtualLanes.sum(lanes);
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
    long channelsOfGroup = channels / groups;
    for (long c = from; c < to; c++) {
      float weightSum = accumulate ? dWeight.getAtIndex(JAVA_FLOAT, c) : 0f;
      float biasSum = accumulate ? dBias.getAtIndex(JAVA_FLOAT, c) : 0f;
      for (long i = 0; i < batch; i++) {
        long row = i * groups + c / channelsOfGroup;
        long run = (i * channels + c) * spatial;
        float mean = means.getAtIndex(JAVA_FLOAT, row);
        float rstd = rstds.getAtIndex(JAVA_FLOAT, row);
        weightSum = Math.fma(sumOfProducts(x, mean, dy, run, run + spatial), rstd, weightSum);
        biasSum += sumOfDifferences(dy, 0f, run, run + spatial);
      }
      dWeight.setAtIndex(JAVA_FLOAT, c, weightSum);
      dBias.setAtIndex(JAVA_FLOAT, c, biasSum);
    }
  }
}
