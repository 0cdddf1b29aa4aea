package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.AttentionShape;

/** Attention of dense tensors and its gradients in f64, with the bounds of {@link Attention}. */
final class AttentionReference {
  private static final double U = 0x1p-24;

  private final AttentionShape shape;
  private final double[] q;
  private final double[] k;
  private final double[] v;
  private final MemorySegment mask;

  final double[] o;
  final double[] lse;
  final double[] oBound;
  final double[] lseBound;
  private final double[][] p;

  double[] dQ;
  double[] dK;
  double[] dV;
  double[] dQBound;
  double[] dKBound;
  double[] dVBound;

  AttentionReference(AttentionShape shape, double[] q, double[] k, double[] v, MemorySegment mask) {
    this.shape = shape;
    this.q = q;
    this.k = k;
    this.v = v;
    this.mask = mask;
    int rows = shape.batch() * shape.heads() * shape.queries();
    o = new double[q.length];
    oBound = new double[q.length];
    lse = new double[rows];
    lseBound = new double[rows];
    p = new double[rows][shape.keys()];
    for (int row = 0; row < rows; row++) {
      computeRow(row);
    }
  }

  private int keyRow(int row, int key) {
    return row / shape.queries() * shape.keys() + key;
  }

  private boolean sees(int row, int key) {
    int sample = row / shape.queries() / shape.heads();
    boolean excluded =
        mask != null && mask.getAtIndex(JAVA_INT, (long) sample * shape.keys() + key) == 0;
    int query = row % shape.queries();
    return !excluded && (!shape.causal() || key <= query + shape.keys() - shape.queries());
  }

  private void computeRow(int row) {
    double max = Double.NEGATIVE_INFINITY;
    double magnitude = 0;
    for (int j = 0; j < shape.keys(); j++) {
      if (!sees(row, j)) {
        p[row][j] = Double.NEGATIVE_INFINITY;
        continue;
      }
      double score = 0;
      double absolute = 0;
      for (int c = 0; c < shape.headSize(); c++) {
        double product = q[at(row, c)] * k[at(keyRow(row, j), c)];
        score += product;
        absolute += Math.abs(product);
      }
      p[row][j] = shape.scale() * score;
      max = Math.max(max, p[row][j]);
      magnitude = Math.max(magnitude, Math.abs(shape.scale()) * absolute);
    }
    double sum = 0;
    for (int j = 0; j < shape.keys(); j++) {
      p[row][j] = max == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(p[row][j] - max);
      sum += p[row][j];
    }
    lse[row] = max + StrictMath.log(sum);
    lseBound[row] = (shape.keys() + 8 + (shape.headSize() + 6) * magnitude) * U;
    for (int j = 0; j < shape.keys(); j++) {
      p[row][j] = sum == 0 ? 0 : p[row][j] / sum;
      for (int c = 0; c < shape.headSize(); c++) {
        double value = v[at(keyRow(row, j), c)];
        o[at(row, c)] += p[row][j] * value;
        oBound[at(row, c)] += 2 * lseBound[row] * p[row][j] * Math.abs(value);
      }
    }
  }

  private int at(int row, int column) {
    return row * shape.headSize() + column;
  }

  /** Computes the gradients from that of o. */
  void backward(double[] dO) {
    dQ = new double[q.length];
    dQBound = new double[q.length];
    dK = new double[k.length];
    dKBound = new double[k.length];
    dV = new double[v.length];
    dVBound = new double[v.length];
    double worst = 0;
    for (double bound : lseBound) {
      worst = Math.max(worst, bound);
    }
    for (int row = 0; row < lse.length; row++) {
      for (int j = 0; j < shape.keys(); j++) {
        int keyRow = keyRow(row, j);
        double ds = 0;
        double weight = 0;
        for (int c = 0; c < shape.headSize(); c++) {
          double g = dO[at(row, c)];
          ds += g * (v[at(keyRow, c)] - o[at(row, c)]);
          double mean = oBound[at(row, c)] / (2 * lseBound[row]);
          weight += Math.abs(g) * (Math.abs(v[at(keyRow, c)]) + mean);
          dV[at(keyRow, c)] += p[row][j] * g;
          dVBound[at(keyRow, c)] += (2 * worst + shape.queries() * U) * p[row][j] * Math.abs(g);
        }
        ds *= p[row][j] * shape.scale();
        weight *= p[row][j] * Math.abs(shape.scale());
        double factor = 4 * worst + (shape.headSize() + 8) * U;
        for (int c = 0; c < shape.headSize(); c++) {
          dQ[at(row, c)] += ds * k[at(keyRow, c)];
          dQBound[at(row, c)] += (factor + shape.keys() * U) * weight * Math.abs(k[at(keyRow, c)]);
          dK[at(keyRow, c)] += ds * q[at(row, c)];
          dKBound[at(keyRow, c)] +=
              (factor + shape.queries() * U) * weight * Math.abs(q[at(row, c)]);
        }
      }
    }
  }
}
