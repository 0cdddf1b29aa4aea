package org.lanewise.kernels.simd.recurrent;

import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.LstmKernels;
import org.lanewise.kernels.host.RecurrentTensors;
import org.lanewise.kernels.op.RecurrentShape;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.scalar.ScalarLstmKernels;
import org.lanewise.kernels.simd.gemm.f32.Product;
import org.lanewise.kernels.simd.layout.SimdLayoutKernels;
import org.lanewise.kernels.simd.math.SigmoidLoops;

/** LSTM and its gradients. Columns after the last whole vector are left to the scalar twin. */
public final class SimdLstmKernels implements LstmKernels {
  /** The only instance. */
  public static final SimdLstmKernels INSTANCE = new SimdLstmKernels();

  private SimdLstmKernels() {}

  @Override
  public void forward(RecurrentTensors.Lstm x, long rowFrom, long rowTo) {
    RecurrentShape shape = x.shape();
    long hidden = shape.hidden();
    RecurrentLoops.start(x, rowFrom, rowTo, x.h0(), x.hN());
    RecurrentLoops.start(x, rowFrom, rowTo, x.c0(), x.cN());
    long rows = rowTo - rowFrom;
    Product.warmUp((double) rows * shape.time() * GATES * hidden * hidden);
    StateProduct product = StateProduct.of(rows, Transpose.YES, GATES * hidden, hidden, x.weight());
    for (int step = 0; step < shape.time(); step++) {
      int t = shape.timeOf(step);
      long first = x.firstActive(t, rowFrom, rowTo);
      long end = x.endOfActive(t, first, rowTo);
      MemorySegment products =
          product.multiply(end - first, x.hN(), first * hidden, hidden, x.bias());
      for (long row = rowFrom; row < rowTo; row++) {
        if (t < x.length(row)) {
          cells(x, row, t, products, (row - first) * GATES * hidden);
        } else {
          clear(x, x.at(row, t));
        }
      }
    }
    product.clear();
  }

  private static void clear(RecurrentTensors.Lstm x, long at) {
    long hidden = x.shape().hidden();
    SimdLayoutKernels.INSTANCE.fill(x.y(), 0f, at, at + hidden);
    SimdLayoutKernels.INSTANCE.fill(x.cells(), 0f, at, at + hidden);
    SimdLayoutKernels.INSTANCE.fill(x.activations(), 0f, GATES * at, GATES * (at + hidden));
  }

  private static void cells(
      RecurrentTensors.Lstm x, long row, int t, MemorySegment products, long from) {
    long hidden = x.shape().hidden();
    long count = vectorEnd(0, hidden);
    long states = x.at(row, t);
    long state = row * hidden;
    long i = GATES * states;
    long f = i + hidden;
    long g = f + hidden;
    long o = g + hidden;
    MemorySegment a = x.activations();
    for (long gate = 0; gate < GATES * hidden; gate += hidden) {
      RecurrentLoops.add(x.gates(), i + gate, products, from + gate, a, i + gate, count);
    }
    SigmoidLoops.sigmoid(a, a, i, i + count);
    SigmoidLoops.sigmoid(a, a, f, f + count);
    SigmoidLoops.tanh(a, a, g, g + count);
    SigmoidLoops.sigmoid(a, a, o, o + count);
    LstmLoops.cells(a, i, hidden, x.cN(), state, x.cells(), states, count);
    SigmoidLoops.tanh(x.cells(), x.y(), states, states + count);
    LstmLoops.outputs(a, o, x.y(), states, x.hN(), state, count);
    for (long j = count; j < hidden; j++) {
      long at = from + j;
      ScalarLstmKernels.cell(
          x,
          row,
          t,
          j,
          products.getAtIndex(FLOAT, at),
          products.getAtIndex(FLOAT, at + hidden),
          products.getAtIndex(FLOAT, at + 2 * hidden),
          products.getAtIndex(FLOAT, at + 3 * hidden));
    }
  }

  @Override
  public void backward(RecurrentTensors.LstmBackward x, long rowFrom, long rowTo) {
    RecurrentShape shape = x.shape();
    long hidden = shape.hidden();
    RecurrentLoops.start(x, rowFrom, rowTo, x.dhN(), x.dh0());
    RecurrentLoops.start(x, rowFrom, rowTo, x.dcN(), x.dc0());
    long rows = rowTo - rowFrom;
    Product.warmUp((double) rows * shape.time() * GATES * hidden * hidden);
    StateProduct product = StateProduct.of(rows, Transpose.NO, hidden, GATES * hidden, x.weight());
    for (int step = shape.time() - 1; step >= 0; step--) {
      int t = shape.timeOf(step);
      for (long row = rowFrom; row < rowTo; row++) {
        if (t < x.length(row)) {
          cellsBackward(x, row, t);
        } else {
          clear(x, x.at(row, t));
        }
      }
      long first = x.firstActive(t, rowFrom, rowTo);
      long end = x.endOfActive(t, first, rowTo);
      long from = GATES * x.at(first, t);
      MemorySegment products =
          product.multiply(end - first, x.dGates(), from, GATES * hidden * shape.time(), null);
      for (long row = first; row < end; row++) {
        if (t < x.length(row)) {
          RecurrentLoops.copy(products, (row - first) * hidden, x.dh0(), row * hidden, hidden);
        }
      }
    }
    product.clear();
  }

  private static void clear(RecurrentTensors.LstmBackward x, long at) {
    long hidden = x.shape().hidden();
    SimdLayoutKernels.INSTANCE.fill(x.previous(), 0f, at, at + hidden);
    SimdLayoutKernels.INSTANCE.fill(x.dGates(), 0f, GATES * at, GATES * (at + hidden));
  }

  private static void cellsBackward(RecurrentTensors.LstmBackward x, long row, int t) {
    long hidden = x.shape().hidden();
    long count = vectorEnd(0, hidden);
    long states = x.at(row, t);
    long state = row * hidden;
    long gates = GATES * states;
    MemorySegment previous = x.previous();
    for (long j = count; j < hidden; j++) {
      ScalarLstmKernels.cellBackward(x, row, t, j);
    }
    if (x.dy() != null) {
      RecurrentLoops.add(x.dh0(), state, x.dy(), states, x.dh0(), state, count);
    }
    // What is to hold h holds tanh(c) before, and after that the zeros that stand for c.
    SigmoidLoops.tanh(x.cells(), previous, states, states + count);
    LstmLoops.gradientOfOutputs(
        x.activations(),
        gates + 3 * hidden,
        previous,
        states,
        x.dh0(),
        x.dc0(),
        state,
        x.dGates(),
        count);
    RecurrentLoops.copyPrevious(x, row, t, x.y(), x.h0(), previous);
    int before = x.shape().before(t, x.length(row));
    if (before >= 0) {
      gradientOfCells(x, gates, x.cells(), x.at(row, before), state, count);
    } else if (x.c0() != null) {
      gradientOfCells(x, gates, x.c0(), state, state, count);
    } else {
      gradientOfCells(x, gates, previous, states, state, count);
    }
  }

  private static void gradientOfCells(
      RecurrentTensors.LstmBackward x,
      long gates,
      MemorySegment before,
      long beforeAt,
      long state,
      long count) {
    LstmLoops.gradientOfCells(
        x.activations(),
        gates,
        x.shape().hidden(),
        before,
        beforeAt,
        x.dc0(),
        state,
        x.dGates(),
        count);
  }
}
