package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import org.lanewise.kernels.host.GruKernels;
import org.lanewise.kernels.host.RecurrentTensors;
import org.lanewise.kernels.op.RecurrentShape;

/** GRU and its gradients, one row, time and element after the other. */
public final class ScalarGruKernels implements GruKernels {
  /** The only instance. */
  public static final ScalarGruKernels INSTANCE = new ScalarGruKernels();

  private ScalarGruKernels() {}

  @Override
  public void forward(RecurrentTensors.Gru x, long rowFrom, long rowTo) {
    RecurrentShape shape = x.shape();
    int hidden = shape.hidden();
    float[] products = new float[GATES * hidden];
    for (long row = rowFrom; row < rowTo; row++) {
      ScalarRecurrentKernels.start(x, row, x.h0(), x.hN());
      for (int step = 0; step < shape.time(); step++) {
        int t = shape.timeOf(step);
        if (t < x.length(row)) {
          ScalarRecurrentKernels.multiply(x, row, x.hN(), x.weight(), x.bias(), products);
          for (int j = 0; j < hidden; j++) {
            unit(x, row, t, j, products[j], products[hidden + j], products[2 * hidden + j]);
          }
        } else {
          clear(x, x.at(row, t));
        }
      }
    }
  }

  private static void clear(RecurrentTensors.Gru x, long at) {
    long hidden = x.shape().hidden();
    ScalarRecurrentKernels.clear(x.y(), at, hidden);
    ScalarRecurrentKernels.clear(x.candidates(), at, hidden);
    ScalarRecurrentKernels.clear(x.activations(), GATES * at, GATES * hidden);
  }

  /** A unit of a row at a time, with its products. */
  public static void unit(
      RecurrentTensors.Gru x, long row, int t, long j, float pr, float pz, float pn) {
    long hidden = x.shape().hidden();
    long states = x.at(row, t) + j;
    long state = row * hidden + j;
    long gates = GATES * x.at(row, t) + j;
    float r = ScalarMath.sigmoid(x.gates().getAtIndex(JAVA_FLOAT, gates) + pr);
    float z = ScalarMath.sigmoid(x.gates().getAtIndex(JAVA_FLOAT, gates + hidden) + pz);
    float n =
        ScalarMath.tanh(Math.fma(r, pn, x.gates().getAtIndex(JAVA_FLOAT, gates + 2 * hidden)));
    float h = Math.fma(z, x.hN().getAtIndex(JAVA_FLOAT, state) - n, n);
    x.activations().setAtIndex(JAVA_FLOAT, gates, r);
    x.activations().setAtIndex(JAVA_FLOAT, gates + hidden, z);
    x.activations().setAtIndex(JAVA_FLOAT, gates + 2 * hidden, n);
    x.candidates().setAtIndex(JAVA_FLOAT, states, pn);
    x.y().setAtIndex(JAVA_FLOAT, states, h);
    x.hN().setAtIndex(JAVA_FLOAT, state, h);
  }

  @Override
  public void backward(RecurrentTensors.GruBackward x, long rowFrom, long rowTo) {
    RecurrentShape shape = x.shape();
    for (long row = rowFrom; row < rowTo; row++) {
      ScalarRecurrentKernels.start(x, row, x.dhN(), x.dh0());
      for (int step = shape.time() - 1; step >= 0; step--) {
        int t = shape.timeOf(step);
        if (t < x.length(row)) {
          ScalarRecurrentKernels.copyPrevious(x, row, t, x.y(), x.h0(), x.previous());
          for (int j = 0; j < shape.hidden(); j++) {
            unitBackward(x, row, t, j);
          }
          stateBackward(x, row, t);
        } else {
          clear(x, x.at(row, t));
        }
      }
    }
  }

  private static void clear(RecurrentTensors.GruBackward x, long at) {
    long hidden = x.shape().hidden();
    ScalarRecurrentKernels.clear(x.previous(), at, hidden);
    ScalarRecurrentKernels.clear(x.dGates(), GATES * at, GATES * hidden);
    ScalarRecurrentKernels.clear(x.dProducts(), GATES * at, GATES * hidden);
  }

  /** {@code dh += dProducts·weight}, which is the gradient of the state before a time. */
  private static void stateBackward(RecurrentTensors.GruBackward x, long row, int t) {
    long hidden = x.shape().hidden();
    long gates = GATES * x.at(row, t);
    for (long j = 0; j < hidden; j++) {
      float product =
          ScalarRecurrentKernels.product(x, x.dProducts(), gates, GATES * hidden, x.weight(), j);
      addProduct(x, row, j, product);
    }
  }

  /** Adds what goes through the gates to the gradient of an element of the state before. */
  public static void addProduct(RecurrentTensors.GruBackward x, long row, long j, float product) {
    long state = row * x.shape().hidden() + j;
    x.dh0().setAtIndex(JAVA_FLOAT, state, x.dh0().getAtIndex(JAVA_FLOAT, state) + product);
  }

  /**
   * The gradients of the gates of a unit of a row at a time, and of the state before as far as it
   * does not go through the gates.
   */
  public static void unitBackward(RecurrentTensors.GruBackward x, long row, int t, long j) {
    long hidden = x.shape().hidden();
    long states = x.at(row, t) + j;
    long state = row * hidden + j;
    long gates = GATES * x.at(row, t) + j;
    float r = x.activations().getAtIndex(JAVA_FLOAT, gates);
    float z = x.activations().getAtIndex(JAVA_FLOAT, gates + hidden);
    float n = x.activations().getAtIndex(JAVA_FLOAT, gates + 2 * hidden);
    float dh = x.dh0().getAtIndex(JAVA_FLOAT, state);
    if (x.dy() != null) {
      dh += x.dy().getAtIndex(JAVA_FLOAT, states);
    }
    float dn = dh * (1f - z) * Math.fma(-n, n, 1f);
    float dz = dh * (x.previous().getAtIndex(JAVA_FLOAT, states) - n) * (z * (1f - z));
    float dr = dn * x.candidates().getAtIndex(JAVA_FLOAT, states) * (r * (1f - r));
    x.dGates().setAtIndex(JAVA_FLOAT, gates, dr);
    x.dGates().setAtIndex(JAVA_FLOAT, gates + hidden, dz);
    x.dGates().setAtIndex(JAVA_FLOAT, gates + 2 * hidden, dn);
    x.dProducts().setAtIndex(JAVA_FLOAT, gates, dr);
    x.dProducts().setAtIndex(JAVA_FLOAT, gates + hidden, dz);
    x.dProducts().setAtIndex(JAVA_FLOAT, gates + 2 * hidden, dn * r);
    x.dh0().setAtIndex(JAVA_FLOAT, state, dh * z);
  }
}
