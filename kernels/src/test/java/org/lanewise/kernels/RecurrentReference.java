package org.lanewise.kernels;

import org.lanewise.kernels.op.RecurrentShape;

/**
 * LSTM and GRU in f64, by PyTorch's formulas, one row after the other, with bounds of what f32
 * makes of them: the errors that {@link Recurrent} states of one step, and what they become in the
 * next.
 */
final class RecurrentReference {
  private static final double U = 0x1p-24;

  /** What a function of 2 ULP makes of a result of at most 1, and terms of second order. */
  private static final double FUNCTION = 5 * U;

  private final RecurrentShape shape;
  private final int gates;
  private final double[] x;
  private final double[] weight;
  private final double[] bias;
  private final int[] lengths;

  final double[] y;
  final double[] h;
  final double[] c;
  final double[] yBound;
  final double[] hBound;
  final double[] cBound;

  /** With copies of the initial states; c0 is null for a GRU. */
  RecurrentReference(
      RecurrentShape shape,
      double[] x,
      double[] weight,
      double[] bias,
      double[] h0,
      double[] c0,
      int[] lengths) {
    this.shape = shape;
    this.x = x;
    this.weight = weight;
    this.bias = bias;
    this.lengths = lengths;
    gates = c0 == null ? 3 : 4;
    y = new double[shape.batch() * shape.time() * shape.hidden()];
    yBound = new double[y.length];
    h = h0.clone();
    hBound = new double[h.length];
    c = c0 == null ? null : c0.clone();
    cBound = new double[h.length];
    for (int row = 0; row < shape.batch(); row++) {
      for (int step = 0; step < lengths[row]; step++) {
        int t = shape.reverse() ? lengths[row] - 1 - step : step;
        step(row, t);
      }
    }
  }

  private void step(int row, int t) {
    int hidden = shape.hidden();
    double[] product = new double[gates * hidden];
    double[] bound = new double[gates * hidden];
    for (int j = 0; j < product.length; j++) {
      double magnitude = Math.abs(bias[j]) + Math.abs(gate(row, t, j));
      product[j] = bias[j];
      for (int k = 0; k < hidden; k++) {
        double w = weight[j * hidden + k];
        product[j] += w * h[row * hidden + k];
        magnitude += Math.abs(w * h[row * hidden + k]);
        bound[j] += Math.abs(w) * hBound[row * hidden + k];
      }
      bound[j] += (hidden + 3) * U * magnitude;
    }
    for (int j = 0; j < hidden; j++) {
      int state = row * hidden + j;
      if (c == null) {
        unit(row, t, j, state, product, bound);
      } else {
        cell(row, t, j, state, product, bound);
      }
      int at = (row * shape.time() + t) * hidden + j;
      y[at] = h[state];
      yBound[at] = hBound[state];
    }
  }

  private double gate(int row, int t, int j) {
    return x[(row * shape.time() + t) * gates * shape.hidden() + j];
  }

  private void cell(int row, int t, int j, int state, double[] product, double[] bound) {
    int hidden = shape.hidden();
    double i = sigmoid(gate(row, t, j) + product[j]);
    double f = sigmoid(gate(row, t, hidden + j) + product[hidden + j]);
    double g = Math.tanh(gate(row, t, 2 * hidden + j) + product[2 * hidden + j]);
    double o = sigmoid(gate(row, t, 3 * hidden + j) + product[3 * hidden + j]);
    double iBound = bound[j] / 4 + FUNCTION;
    double fBound = bound[hidden + j] / 4 + FUNCTION;
    double gBound = bound[2 * hidden + j] + FUNCTION;
    double oBound = bound[3 * hidden + j] / 4 + FUNCTION;
    double before = c[state];
    c[state] = f * before + i * g;
    cBound[state] =
        cBound[state] * f
            + fBound * Math.abs(before)
            + iBound * Math.abs(g)
            + gBound * i
            + 4 * U * (Math.abs(f * before) + Math.abs(i * g));
    double tanh = Math.tanh(c[state]);
    h[state] = o * tanh;
    hBound[state] = oBound * Math.abs(tanh) + o * (cBound[state] + FUNCTION) + 2 * U;
  }

  private void unit(int row, int t, int j, int state, double[] product, double[] bound) {
    int hidden = shape.hidden();
    double r = sigmoid(gate(row, t, j) + product[j]);
    double z = sigmoid(gate(row, t, hidden + j) + product[hidden + j]);
    double p = product[2 * hidden + j];
    double n = Math.tanh(gate(row, t, 2 * hidden + j) + r * p);
    double rBound = bound[j] / 4 + FUNCTION;
    double zBound = bound[hidden + j] / 4 + FUNCTION;
    double nBound = bound[2 * hidden + j] + rBound * Math.abs(p) + FUNCTION;
    double before = h[state];
    h[state] = (1 - z) * n + z * before;
    hBound[state] =
        hBound[state] * z
            + zBound * Math.abs(before - n)
            + nBound * (1 - z)
            + 4 * U * (Math.abs(n) + Math.abs(before));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
