package org.lanewise.nn;

import org.lanewise.kernels.op.Shape;

/**
 * How many connections a weight has. Weights are [outputs, inputs] or [filters, channels, kernel…],
 * where each filter and channel has as many as the kernel has elements.
 */
public enum Fan {
  /** Inputs of each output: the length of the second axis times the kernel. */
  IN,
  /** Outputs that each input contributes to: the length of the first axis times the kernel. */
  OUT;

  /**
   * The number for a weight, at least 1.
   *
   * @throws IllegalArgumentException if the shape has less than 2 axes
   */
  public long of(Shape weight) {
    int rank = weight.rank();
    if (rank < 2) {
      throw new IllegalArgumentException(
          "a weight must have at least 2 axes to start by its inputs and outputs but is " + weight);
    }
    return Math.max(1, weight.dimension(this == IN ? 1 : 0) * weight.size(2, rank));
  }
}
