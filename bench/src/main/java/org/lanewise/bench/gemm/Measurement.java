package org.lanewise.bench.gemm;

import java.util.Arrays;

/**
 * The speed of one implementation at one shape.
 *
 * @param implementation its name
 * @param rounds GFLOP/s in each round
 */
record Measurement(String implementation, double[] rounds) {
  /** The median of the rounds in GFLOP/s. */
  double gflops() {
    return median(rounds);
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
