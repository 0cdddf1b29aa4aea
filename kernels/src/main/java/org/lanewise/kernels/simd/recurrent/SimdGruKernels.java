package org.lanewise.kernels.simd.recurrent;

import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.GruKernels;
import org.lanewise.kernels.host.RecurrentTensors;
import org.lanewise.kernels.op.RecurrentShape;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.scalar.ScalarGruKernels;
import org.lanewise.kernels.simd.gemm.f32.Product;
import org.lanewise.kernels.simd.layout.SimdLayoutKernels;
import org.lanewise.kernels.simd.math.SigmoidLoops;

/** GRU and its gradients. Columns after the last whole vector are left to the scalar twin. */
public final class SimdGruKernels implements GruKernels {
  /** The only instance. */
  public static final SimdGruKernels INSTANCE = new SimdGruKernels();

  private SimdGruKernels() {}

  @Override
  public void forward(RecurrentTensors.Gru x, long rowFrom, long rowTo) {
    RecurrentShape shape = x.shape();
    long hidden = shape.hidden();
    RecurrentLoops.start(x, rowFrom, rowTo, x.h0(), x.hN());
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
          units(x, row, t, products, (row - first) * GATES * hidden);
        } else {
          clear(x, x.at(row, t));
        }
      }
    }
    product.clear();
  }

  private static void clear(RecurrentTensors.Gru x, long at) {
    long hidden = x.shape().hidden();
    SimdLayoutKernels.INSTANCE.fill(x.y(), 0f, at, at + hidden);
    SimdLayoutKernels.INSTANCE.fill(x.candidates(), 0f, at, at + hidden);
    SimdLayoutKernels.INSTANCE.fill(x.activations(), 0f, GATES * at, GATES * (at + hidden));
  }

  private static void units(
      RecurrentTensors.Gru x, long row, int t, MemorySegment products, long from) {
    long hidden = x.shape().hidden();
    long count = vectorEnd(0, hidden);
    long states = x.at(row, t);
    long state = row * hidden;
    long r = GATES * states;
    long z = r + hidden;
    long n = z + hidden;
    long candidate = from + 2 * hidden;
    MemorySegment a = x.activations();
    RecurrentLoops.add(x.gates(), r, products, from, a, r, count);
    RecurrentLoops.add(x.gates(), z, products, from + hidden, a, z, count);
    SigmoidLoops.sigmoid(a, a, r, r + count);
    SigmoidLoops.sigmoid(a, a, z, z + count);
    GruLoops.candidates(x.gates(), a, r, n, products, candidate, x.candidates(), states, count);
    SigmoidLoops.tanh(a, a, n, n + count);
    GruLoops.outputs(a, z, n, x.hN(), state, x.y(), states, count);
    for (long j = count; j < hidden; j++) {
      ScalarGruKernels.unit(
          x,
          row,
          t,
          j,
          products.getAtIndex(FLOAT, from + j),
          products.getAtIndex(FLOAT, from + hidden + j),
          products.getAtIndex(FLOAT, candidate + j));
    }
  }

  @Override
  public void backward(RecurrentTensors.GruBackward x, long rowFrom, long rowTo) {
    RecurrentShape shape = x.shape();
    long hidden = shape.hidden();
    RecurrentLoops.start(x, rowFrom, rowTo, x.dhN(), x.dh0());
    long rows = rowTo - rowFrom;
    Product.warmUp((double) rows * shape.time() * GATES * hidden * hidden);
    StateProduct product = StateProduct.of(rows, Transpose.NO, hidden, GATES * hidden, x.weight());
    for (int step = shape.time() - 1; step >= 0; step--) {
      int t = shape.timeOf(step);
      for (long row = rowFrom; row < rowTo; row++) {
        if (t < x.length(row)) {
          unitsBackward(x, row, t);
        } else {
          clear(x, x.at(row, t));
        }
      }
      long first = x.firstActive(t, rowFrom, rowTo);
      long end = x.endOfActive(t, first, rowTo);
      long from = GATES * x.at(first, t);
      MemorySegment products =
          product.multiply(end - first, x.dProducts(), from, GATES * hidden * shape.time(), null);
      for (long row = first; row < end; row++) {
        if (t < x.length(row)) {
          addProducts(x, row, products, (row - first) * hidden);
        }
      }
    }
    product.clear();
  }

  private static void clear(RecurrentTensors.GruBackward x, long at) {
    long hidden = x.shape().hidden();
    SimdLayoutKernels.INSTANCE.fill(x.previous(), 0f, at, at + hidden);
    SimdLayoutKernels.INSTANCE.fill(x.dGates(), 0f, GATES * at, GATES * (at + hidden));
    SimdLayoutKernels.INSTANCE.fill(x.dProducts(), 0f, GATES * at, GATES * (at + hidden));
  }

  private static void addProducts(
      RecurrentTensors.GruBackward x, long row, MemorySegment products, long from) {
    long hidden = x.shape().hidden();
    long count = vectorEnd(0, hidden);
    long state = row * hidden;
    RecurrentLoops.add(x.dh0(), state, products, from, x.dh0(), state, count);
    for (long j = count; j < hidden; j++) {
      ScalarGruKernels.addProduct(x, row, j, products.getAtIndex(FLOAT, from + j));
    }
  }

  private static void unitsBackward(RecurrentTensors.GruBackward x, long row, int t) {
    long hidden = x.shape().hidden();
    long count = vectorEnd(0, hidden);
    long states = x.at(row, t);
    long state = row * hidden;
    long gates = GATES * states;
    RecurrentLoops.copyPrevious(x, row, t, x.y(), x.h0(), x.previous());
    if (x.dy() != null) {
      RecurrentLoops.add(x.dh0(), state, x.dy(), states, x.dh0(), state, count);
    }
    GruLoops.gradientOfState(
        x.activations(),
        gates,
        hidden,
        x.previous(),
        states,
        x.dh0(),
        state,
        x.dGates(),
        x.dProducts(),
        count);
    GruLoops.gradientOfReset(
        x.activations(), gates, hidden, x.candidates(), states, x.dGates(), x.dProducts(), count);
    for (long j = count; j < hidden; j++) {
      ScalarGruKernels.unitBackward(x, row, t, j);
    }
  }
}
