package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.RecurrentTensors;

/** What LSTM and GRU have in common: states, and products of a row and the weight. */
final class ScalarRecurrentKernels {
  private ScalarRecurrentKernels() {}

  /** Sets a row's state to an initial one, or if that is null to 0. */
  static void start(RecurrentTensors x, long row, MemorySegment initial, MemorySegment state) {
    long hidden = x.shape().hidden();
    copy(initial, row * hidden, state, row * hidden, hidden);
  }

  /** Copies elements of x, or if it is null sets those of y to 0. */
  private static void copy(MemorySegment x, long from, MemorySegment y, long to, long count) {
    for (long j = 0; j < count; j++) {
      y.setAtIndex(JAVA_FLOAT, to + j, x == null ? 0f : x.getAtIndex(JAVA_FLOAT, from + j));
    }
  }

  /** Sets elements to 0. */
  static void clear(MemorySegment y, long from, long count) {
    copy(null, 0, y, from, count);
  }

  /**
   * Writes the state before a time of a row, which is one of the states of all times, an initial
   * one, or if that is null 0.
   */
  static void copyPrevious(
      RecurrentTensors x,
      long row,
      int t,
      MemorySegment states,
      MemorySegment initial,
      MemorySegment target) {
    long hidden = x.shape().hidden();
    int before = x.shape().before(t, x.length(row));
    if (before < 0) {
      copy(initial, row * hidden, target, x.at(row, t), hidden);
    } else {
      copy(states, x.at(row, before), target, x.at(row, t), hidden);
    }
  }

  /** {@code products = h·weightᵀ + bias} of one row. */
  static void multiply(
      RecurrentTensors x,
      long row,
      MemorySegment h,
      MemorySegment weight,
      MemorySegment bias,
      float[] products) {
    long hidden = x.shape().hidden();
    for (int j = 0; j < products.length; j++) {
      float sum = dot(h, row * hidden, weight, j * hidden, 1, hidden);
      products[j] = sum + bias.getAtIndex(JAVA_FLOAT, j);
    }
  }

  /**
   * An element of {@code gradients·weight}, of one row and time.
   *
   * @param columns of the gradients, which begin at {@code from}
   */
  static float product(
      RecurrentTensors x,
      MemorySegment gradients,
      long from,
      long columns,
      MemorySegment weight,
      long j) {
    return dot(gradients, from, weight, j, x.shape().hidden(), columns);
  }

  /** The sum of products in the order of {@link org.lanewise.kernels.op.ProductOp}. */
  private static float dot(
      MemorySegment x, long xFrom, MemorySegment y, long yFrom, long yStride, long depth) {
    float value = 0f;
    for (long from = 0; from < depth; from += DEPTH_BLOCK) {
      float sum = 0f;
      for (long p = from; p < Math.min(depth, from + DEPTH_BLOCK); p++) {
        float factor = y.getAtIndex(JAVA_FLOAT, yFrom + p * yStride);
        sum = Math.fma(x.getAtIndex(JAVA_FLOAT, xFrom + p), factor, sum);
      }
      value = from == 0 ? sum : sum + value;
    }
    return value;
  }
}
