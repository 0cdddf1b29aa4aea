package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import org.lanewise.kernels.host.LstmKernels;
import org.lanewise.kernels.host.RecurrentTensors;
import org.lanewise.kernels.op.RecurrentShape;

/** LSTM and its gradients, one row, time and element after the other. */
public final class ScalarLstmKernels implements LstmKernels {
  /** The only instance. */
  public static final ScalarLstmKernels INSTANCE = new ScalarLstmKernels();

  private ScalarLstmKernels() {}

  @Override
  public void forward(RecurrentTensors.Lstm x, long rowFrom, long rowTo) {
    RecurrentShape shape = x.shape();
    int hidden = shape.hidden();
    float[] products = new float[GATES * hidden];
    for (long row = rowFrom; row < rowTo; row++) {
      ScalarRecurrentKernels.start(x, row, x.h0(), x.hN());
      ScalarRecurrentKernels.start(x, row, x.c0(), x.cN());
      for (int step = 0; step < shape.time(); step++) {
        int t = shape.timeOf(step);
        if (t < x.length(row)) {
          ScalarRecurrentKernels.multiply(x, row, x.hN(), x.weight(), x.bias(), products);
          for (int j = 0; j < hidden; j++) {
            cell(
                x,
                row,
                t,
                j,
                products[j],
                products[hidden + j],
                products[2 * hidden + j],
                products[3 * hidden + j]);
          }
        } else {
          clear(x, x.at(row, t));
        }
      }
    }
  }

  private static void clear(RecurrentTensors.Lstm x, long at) {
    long hidden = x.shape().hidden();
    ScalarRecurrentKernels.clear(x.y(), at, hidden);
    ScalarRecurrentKernels.clear(x.cells(), at, hidden);
    ScalarRecurrentKernels.clear(x.activations(), GATES * at, GATES * hidden);
  }

  /** A cell of a row at a time, with its products. */
  public static void cell(
      RecurrentTensors.Lstm x, long row, int t, long j, float pi, float pf, float pg, float po) {
    long hidden = x.shape().hidden();
    long states = x.at(row, t) + j;
    long state = row * hidden + j;
    long gates = GATES * x.at(row, t) + j;
    float i = ScalarMath.sigmoid(x.gates().getAtIndex(JAVA_FLOAT, gates) + pi);
    float f = ScalarMath.sigmoid(x.gates().getAtIndex(JAVA_FLOAT, gates + hidden) + pf);
    float g = ScalarMath.tanh(x.gates().getAtIndex(JAVA_FLOAT, gates + 2 * hidden) + pg);
    float o = ScalarMath.sigmoid(x.gates().getAtIndex(JAVA_FLOAT, gates + 3 * hidden) + po);
    float c = Math.fma(f, x.cN().getAtIndex(JAVA_FLOAT, state), i * g);
    float h = o * ScalarMath.tanh(c);
    x.activations().setAtIndex(JAVA_FLOAT, gates, i);
    x.activations().setAtIndex(JAVA_FLOAT, gates + hidden, f);
    x.activations().setAtIndex(JAVA_FLOAT, gates + 2 * hidden, g);
    x.activations().setAtIndex(JAVA_FLOAT, gates + 3 * hidden, o);
    x.cells().setAtIndex(JAVA_FLOAT, states, c);
    x.cN().setAtIndex(JAVA_FLOAT, state, c);
    x.y().setAtIndex(JAVA_FLOAT, states, h);
    x.hN().setAtIndex(JAVA_FLOAT, state, h);
  }

  @Override
  public void backward(RecurrentTensors.LstmBackward x, long rowFrom, long rowTo) {
    RecurrentShape shape = x.shape();
    for (long row = rowFrom; row < rowTo; row++) {
      ScalarRecurrentKernels.start(x, row, x.dhN(), x.dh0());
      ScalarRecurrentKernels.start(x, row, x.dcN(), x.dc0());
      for (int step = shape.time() - 1; step >= 0; step--) {
        int t = shape.timeOf(step);
        if (t < x.length(row)) {
          ScalarRecurrentKernels.copyPrevious(x, row, t, x.y(), x.h0(), x.previous());
          for (int j = 0; j < shape.hidden(); j++) {
            cellBackward(x, row, t, j);
          }
          stateBackward(x, row, t);
        } else {
          clear(x, x.at(row, t));
        }
      }
    }
  }

  private static void clear(RecurrentTensors.LstmBackward x, long at) {
    long hidden = x.shape().hidden();
    ScalarRecurrentKernels.clear(x.previous(), at, hidden);
    ScalarRecurrentKernels.clear(x.dGates(), GATES * at, GATES * hidden);
  }

  /** {@code dh = dGates·weight}, which is the gradient of the state before a time. */
  private static void stateBackward(RecurrentTensors.LstmBackward x, long row, int t) {
    long hidden = x.shape().hidden();
    long gates = GATES * x.at(row, t);
    for (long j = 0; j < hidden; j++) {
      float dh =
          ScalarRecurrentKernels.product(x, x.dGates(), gates, GATES * hidden, x.weight(), j);
      x.dh0().setAtIndex(JAVA_FLOAT, row * hidden + j, dh);
    }
  }

  /** The gradients of the gates of a cell of a row at a time, and of the cell before. */
  public static void cellBackward(RecurrentTensors.LstmBackward x, long row, int t, long j) {
    long hidden = x.shape().hidden();
    long states = x.at(row, t) + j;
    long state = row * hidden + j;
    long gates = GATES * x.at(row, t) + j;
    float i = x.activations().getAtIndex(JAVA_FLOAT, gates);
    float f = x.activations().getAtIndex(JAVA_FLOAT, gates + hidden);
    float g = x.activations().getAtIndex(JAVA_FLOAT, gates + 2 * hidden);
    float o = x.activations().getAtIndex(JAVA_FLOAT, gates + 3 * hidden);
    float tanh = ScalarMath.tanh(x.cells().getAtIndex(JAVA_FLOAT, states));
    float dh = x.dh0().getAtIndex(JAVA_FLOAT, state);
    if (x.dy() != null) {
      dh += x.dy().getAtIndex(JAVA_FLOAT, states);
    }
    float dc = x.dc0().getAtIndex(JAVA_FLOAT, state);
    dc = Math.fma(dh * o, Math.fma(-tanh, tanh, 1f), dc);
    x.dGates().setAtIndex(JAVA_FLOAT, gates, dc * g * (i * (1f - i)));
    x.dGates()
        .setAtIndex(JAVA_FLOAT, gates + hidden, dc * cellBefore(x, row, t, j) * (f * (1f - f)));
    x.dGates().setAtIndex(JAVA_FLOAT, gates + 2 * hidden, dc * i * Math.fma(-g, g, 1f));
    x.dGates().setAtIndex(JAVA_FLOAT, gates + 3 * hidden, dh * tanh * (o * (1f - o)));
    x.dc0().setAtIndex(JAVA_FLOAT, state, dc * f);
  }

  private static float cellBefore(RecurrentTensors.LstmBackward x, long row, int t, long j) {
    int before = x.shape().before(t, x.length(row));
    if (before >= 0) {
      return x.cells().getAtIndex(JAVA_FLOAT, x.at(row, before) + j);
    }
    return x.c0() == null ? 0f : x.c0().getAtIndex(JAVA_FLOAT, row * x.shape().hidden() + j);
  }
}
