package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.lanewise.kernels.host.HostKernels;
import org.lanewise.kernels.host.RecurrentTensors;
import org.lanewise.kernels.op.RecurrentShape;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.KernelTable.Tensors;

/**
 * LSTM and GRU for {@link KernelTable}: each row of the matrix is a sequence of two times at most,
 * with as large a state as there is room for, and the indices are the lengths of some.
 */
final class RecurrentKernelTable {
  private static final int TIME = 2;
  private static final int GATES = 4;
  private static final int LARGEST = 80;
  private static final MemorySegment WEIGHT = weight();

  private RecurrentKernelTable() {}

  private static MemorySegment weight() {
    SplittableRandom random = new SplittableRandom(1);
    MemorySegment weight = Arena.global().allocate(JAVA_FLOAT, GATES * LARGEST * LARGEST);
    for (long i = 0; i < GATES * LARGEST * LARGEST; i++) {
      weight.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian(0, 0.2));
    }
    return weight;
  }

  /** A kernel of either kind. */
  @FunctionalInterface
  private interface Rows<T> {
    void run(HostKernels k, T tensors, long from, long to);
  }

  static void addTo(List<Kernel> kernels) {
    for (boolean reverse : new boolean[] {false, true}) {
      add(
          kernels,
          "lstm reverse=" + reverse,
          (k, x, from, to) -> k.lstm().forward(x, from, to),
          t ->
              new RecurrentTensors.Lstm(
                  shape(t, reverse),
                  t.x,
                  WEIGHT,
                  WEIGHT,
                  reverse ? t.z : null,
                  reverse ? t.z : null,
                  reverse ? null : t.indices,
                  t.out,
                  t.state1,
                  t.state2,
                  t.state3,
                  t.state4));
      add(
          kernels,
          "lstmBackward reverse=" + reverse,
          (k, x, from, to) -> k.lstm().backward(x, from, to),
          t ->
              new RecurrentTensors.LstmBackward(
                  shape(t, reverse),
                  t.state1,
                  t.x,
                  t.z,
                  WEIGHT,
                  reverse ? t.z : null,
                  reverse ? t.z : null,
                  reverse ? null : t.indices,
                  reverse ? t.z : null,
                  reverse ? null : t.z,
                  reverse ? null : t.z,
                  t.state1,
                  t.state2,
                  t.state3,
                  t.state4));
      add(
          kernels,
          "gru reverse=" + reverse,
          (k, x, from, to) -> k.gru().forward(x, from, to),
          t ->
              new RecurrentTensors.Gru(
                  shape(t, reverse),
                  t.x,
                  WEIGHT,
                  WEIGHT,
                  reverse ? t.z : null,
                  reverse ? null : t.indices,
                  t.out,
                  t.state1,
                  t.state2,
                  t.state3));
      add(
          kernels,
          "gruBackward reverse=" + reverse,
          (k, x, from, to) -> k.gru().backward(x, from, to),
          t ->
              new RecurrentTensors.GruBackward(
                  shape(t, reverse),
                  t.state1,
                  t.x,
                  t.z,
                  WEIGHT,
                  reverse ? t.z : null,
                  reverse ? null : t.indices,
                  reverse ? t.z : null,
                  reverse ? null : t.z,
                  t.state1,
                  t.state2,
                  t.state3,
                  t.state4));
    }
  }

  private static <T> void add(
      List<Kernel> kernels, String name, Rows<T> kernel, Function<Tensors, T> operands) {
    Last<T> last = new Last<>();
    kernels.add(
        Kernel.of(
            name, Axis.ROWS, (k, t, from, to) -> kernel.run(k, last.of(t, operands), from, to)));
  }

  /** The operands of the last call, lest one that is repeated allocate. */
  private static final class Last<T> {
    private Tensors tensors;
    private T operands;

    T of(Tensors t, Function<Tensors, T> maker) {
      if (tensors != t) {
        tensors = t;
        operands = maker.apply(t);
      }
      return operands;
    }
  }

  private static RecurrentShape shape(Tensors t, boolean reverse) {
    int hidden = (int) Math.min(LARGEST, t.columns / (TIME * GATES));
    return new RecurrentShape((int) t.rows, TIME, hidden, reverse);
  }
}
