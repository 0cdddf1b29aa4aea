package org.lanewise.kernels;

import java.util.function.ToDoubleFunction;

/** Gradients of a function in f64 by central differences, whose relative error is about 1e-9. */
final class CentralDifferences {
  private static final double STEP = 1e-5;

  private CentralDifferences() {}

  static double[] gradient(ToDoubleFunction<double[]> function, double[] at) {
    double[] gradient = new double[at.length];
    double[] moved = at.clone();
    for (int i = 0; i < at.length; i++) {
      moved[i] = at[i] + STEP;
      double above = function.applyAsDouble(moved);
      moved[i] = at[i] - STEP;
      double below = function.applyAsDouble(moved);
      moved[i] = at[i];
      gradient[i] = (above - below) / (2 * STEP);
    }
    return gradient;
  }

  /** {@code Σ a · b}. */
  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double[] doubles(TestTensor tensor) {
    float[] floats = tensor.floats();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
