package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.host.GruKernels;
import org.lanewise.kernels.host.LstmKernels;
import org.lanewise.kernels.host.RecurrentTensors;
import org.lanewise.kernels.op.RecurrentShape;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.recurrent.SimdGruKernels;
import org.lanewise.kernels.simd.recurrent.SimdLstmKernels;

/**
 * LSTM (Hochreiter, Schmidhuber: <i>Long Short-Term Memory</i>, Neural Computation 9(8), 1997, with
 * the forget gates of Gers et al., 2000), GRU (Cho et al., arXiv 1406.1078) and their gradients,
 * over a batch of sequences, with PyTorch's formulas and order of gates.
 *
 * <p>These are the parts that go from step to step. What does not is left to {@link Gemm}: before,
 * for all times at once, the gates {@code x·weight_ihᵀ + bias_ih}; after the backward kernel, the
 * gradient of the weight, the product of the transposed gradients of the gates or products, [batch
 * · time, gates], and {@code previous}, [batch · time, hidden]; and that of the bias, the
 * gradients' {@linkplain Reductions#columnSums sums of columns}.
 *
 * <p>Rows, the sequences of a batch, are independent: their results do not depend on the batch that
 * they are in. Each is computed by one thread. With lengths, the times from a row's length on leave
 * its state alone and give zeros; what memory holds there has no part in anything. Sequences of
 * similar length that lie together take less time. The last state is that after a row's last step,
 * in reverse the one at time 0.
 *
 * <p>Products are summed in the order of {@link Gemm}. The argument of a gate's function, a sum
 * {@code s = gate + (Σ h · weight + bias)}, has an error of at most {@code (hidden + 3) · 2⁻²⁴ ·
 * (|gate| + Σ |h · weight| + |bias|)}, and what the states before contribute; functions have the
 * errors of {@link Activations}, and other results an error of 2 ULP of their largest term.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Recurrent {
  private Recurrent() {}

  /**
   * LSTM on the shared pool.
   *
   * @see #lstm(WorkerPool, RecurrentShape, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment)
   */
  public static void lstm(
      RecurrentShape shape,
      MemorySegment gates,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment h0,
      MemorySegment c0,
      MemorySegment lengths,
      MemorySegment y,
      MemorySegment hN,
      MemorySegment cN,
      MemorySegment activations,
      MemorySegment cells) {
    lstm(
        WorkerPool.shared(),
        shape,
        gates,
        weight,
        bias,
        h0,
        c0,
        lengths,
        y,
        hN,
        cN,
        activations,
        cells);
  }

  /**
   * LSTM: with {@code a = gates + (h·weightᵀ + bias)} and its quarters i, f, g and o, {@code c ←
   * sigmoid(f) · c + sigmoid(i) · tanh(g)} and {@code h ← sigmoid(o) · tanh(c)} at each time.
   *
   * @param shape sizes and direction
   * @param gates [batch, time, 4 · hidden]
   * @param weight [4 · hidden, hidden]
   * @param bias [4 · hidden]
   * @param h0 initial state [batch, hidden], or null for zeros
   * @param c0 initial cells [batch, hidden], or null for zeros
   * @param lengths i32 [batch], each in 0..time, or null if all are the time
   * @param y [batch, time, hidden], the h of each time
   * @param hN [batch, hidden], the last h
   * @param cN [batch, hidden], the last c
   * @param activations [batch, time, 4 · hidden], the gates after their functions, written for
   *     {@link #lstmBackward}; may be gates
   * @param cells [batch, time, hidden], the c of each time, likewise
   * @throws IndexOutOfBoundsException if a length is out of range; nothing is written
   */
  public static void lstm(
      WorkerPool pool,
      RecurrentShape shape,
      MemorySegment gates,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment h0,
      MemorySegment c0,
      MemorySegment lengths,
      MemorySegment y,
      MemorySegment hN,
      MemorySegment cN,
      MemorySegment activations,
      MemorySegment cells) {
    Sizes sizes = Sizes.of(pool, shape, LstmKernels.GATES);
    Tensors tensors =
        new Tensors()
            .input("gates", gates, sizes.gates)
            .input("weight", weight, sizes.weight)
            .input("bias", bias, sizes.bias)
            .optional("h0", h0, sizes.state)
            .optional("c0", c0, sizes.state)
            .optional("lengths", lengths, shape.batch())
            .output("y", y, sizes.states)
            .output("hN", hN, sizes.state)
            .output("cN", cN, sizes.state)
            .output("activations", activations, sizes.gates, "gates")
            .output("cells", cells, sizes.states);
    RecurrentTensors.Lstm x =
        new RecurrentTensors.Lstm(
            shape, gates, weight, bias, h0, c0, lengths, y, hN, cN, activations, cells);
    run(pool, sizes, x, (from, to) -> SimdLstmKernels.INSTANCE.forward(x, from, to), tensors);
  }

  /**
   * Gradients of LSTM on the shared pool.
   *
   * @see #lstmBackward(WorkerPool, RecurrentShape, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void lstmBackward(
      RecurrentShape shape,
      MemorySegment activations,
      MemorySegment cells,
      MemorySegment y,
      MemorySegment weight,
      MemorySegment h0,
      MemorySegment c0,
      MemorySegment lengths,
      MemorySegment dy,
      MemorySegment dhN,
      MemorySegment dcN,
      MemorySegment dGates,
      MemorySegment dh0,
      MemorySegment dc0,
      MemorySegment previous) {
    lstmBackward(
        WorkerPool.shared(),
        shape,
        activations,
        cells,
        y,
        weight,
        h0,
        c0,
        lengths,
        dy,
        dhN,
        dcN,
        dGates,
        dh0,
        dc0,
        previous);
  }

  /**
   * Gradients of {@link #lstm}, from those of its results. The gradient of the weight is {@code
   * dGatesᵀ·previous}, with both as matrices of batch · time rows, and that of the bias the sum of
   * dGates over these.
   *
   * @param shape as for lstm
   * @param activations from lstm
   * @param cells from lstm
   * @param y from lstm
   * @param weight as for lstm
   * @param h0 as for lstm
   * @param c0 as for lstm
   * @param lengths as for lstm
   * @param dy gradient of y, [batch, time, hidden], or null for zeros
   * @param dhN gradient of hN, [batch, hidden], or null for zeros
   * @param dcN gradient of cN, [batch, hidden], or null for zeros
   * @param dGates gradient of the gates, [batch, time, 4 · hidden]; may be activations
   * @param dh0 gradient of h0, [batch, hidden]
   * @param dc0 gradient of c0, [batch, hidden]
   * @param previous [batch, time, hidden], the h before each time
   * @throws IndexOutOfBoundsException if a length is out of range; nothing is written
   */
  public static void lstmBackward(
      WorkerPool pool,
      RecurrentShape shape,
      MemorySegment activations,
      MemorySegment cells,
      MemorySegment y,
      MemorySegment weight,
      MemorySegment h0,
      MemorySegment c0,
      MemorySegment lengths,
      MemorySegment dy,
      MemorySegment dhN,
      MemorySegment dcN,
      MemorySegment dGates,
      MemorySegment dh0,
      MemorySegment dc0,
      MemorySegment previous) {
    Sizes sizes = Sizes.of(pool, shape, LstmKernels.GATES);
    Tensors tensors =
        new Tensors()
            .input("activations", activations, sizes.gates)
            .input("cells", cells, sizes.states)
            .input("y", y, sizes.states)
            .input("weight", weight, sizes.weight)
            .optional("h0", h0, sizes.state)
            .optional("c0", c0, sizes.state)
            .optional("lengths", lengths, shape.batch())
            .optional("dy", dy, sizes.states)
            .optional("dhN", dhN, sizes.state)
            .optional("dcN", dcN, sizes.state)
            .output("dGates", dGates, sizes.gates, "activations")
            .output("dh0", dh0, sizes.state)
            .output("dc0", dc0, sizes.state)
            .output("previous", previous, sizes.states);
    RecurrentTensors.LstmBackward x =
        new RecurrentTensors.LstmBackward(
            shape,
            activations,
            cells,
            y,
            weight,
            h0,
            c0,
            lengths,
            dy,
            dhN,
            dcN,
            dGates,
            dh0,
            dc0,
            previous);
    run(pool, sizes, x, (from, to) -> SimdLstmKernels.INSTANCE.backward(x, from, to), tensors);
  }

  /**
   * GRU on the shared pool.
   *
   * @see #gru(WorkerPool, RecurrentShape, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void gru(
      RecurrentShape shape,
      MemorySegment gates,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment h0,
      MemorySegment lengths,
      MemorySegment y,
      MemorySegment hN,
      MemorySegment activations,
      MemorySegment candidates) {
    gru(
        WorkerPool.shared(),
        shape,
        gates,
        weight,
        bias,
        h0,
        lengths,
        y,
        hN,
        activations,
        candidates);
  }

  /**
   * GRU: with {@code p = h·weightᵀ + bias} and the thirds r, z and n of gates and of p, {@code r =
   * sigmoid(gates_r + p_r)}, {@code z = sigmoid(gates_z + p_z)}, {@code n = tanh(gates_n + r ·
   * p_n)} and {@code h ← (1 − z) · n + z · h} at each time.
   *
   * @param shape sizes and direction
   * @param gates [batch, time, 3 · hidden]
   * @param weight [3 · hidden, hidden]
   * @param bias [3 · hidden]
   * @param h0 initial state [batch, hidden], or null for zeros
   * @param lengths i32 [batch], each in 0..time, or null if all are the time
   * @param y [batch, time, hidden], the h of each time
   * @param hN [batch, hidden], the last h
   * @param activations [batch, time, 3 · hidden], r, z and n, written for {@link #gruBackward}; may
   *     be gates
   * @param candidates [batch, time, hidden], p_n, likewise
   * @throws IndexOutOfBoundsException if a length is out of range; nothing is written
   */
  public static void gru(
      WorkerPool pool,
      RecurrentShape shape,
      MemorySegment gates,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment h0,
      MemorySegment lengths,
      MemorySegment y,
      MemorySegment hN,
      MemorySegment activations,
      MemorySegment candidates) {
    Sizes sizes = Sizes.of(pool, shape, GruKernels.GATES);
    Tensors tensors =
        new Tensors()
            .input("gates", gates, sizes.gates)
            .input("weight", weight, sizes.weight)
            .input("bias", bias, sizes.bias)
            .optional("h0", h0, sizes.state)
            .optional("lengths", lengths, shape.batch())
            .output("y", y, sizes.states)
            .output("hN", hN, sizes.state)
            .output("activations", activations, sizes.gates, "gates")
            .output("candidates", candidates, sizes.states);
    RecurrentTensors.Gru x =
        new RecurrentTensors.Gru(
            shape, gates, weight, bias, h0, lengths, y, hN, activations, candidates);
    run(pool, sizes, x, (from, to) -> SimdGruKernels.INSTANCE.forward(x, from, to), tensors);
  }

  /**
   * Gradients of GRU on the shared pool.
   *
   * @see #gruBackward(WorkerPool, RecurrentShape, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void gruBackward(
      RecurrentShape shape,
      MemorySegment activations,
      MemorySegment candidates,
      MemorySegment y,
      MemorySegment weight,
      MemorySegment h0,
      MemorySegment lengths,
      MemorySegment dy,
      MemorySegment dhN,
      MemorySegment dGates,
      MemorySegment dProducts,
      MemorySegment dh0,
      MemorySegment previous) {
    gruBackward(
        WorkerPool.shared(),
        shape,
        activations,
        candidates,
        y,
        weight,
        h0,
        lengths,
        dy,
        dhN,
        dGates,
        dProducts,
        dh0,
        previous);
  }

  /**
   * Gradients of {@link #gru}, from those of its results. The gradient of the weight is {@code
   * dProductsᵀ·previous}, with both as matrices of batch · time rows, and that of the bias the sum
   * of dProducts over these.
   *
   * @param shape as for gru
   * @param activations from gru
   * @param candidates from gru
   * @param y from gru
   * @param weight as for gru
   * @param h0 as for gru
   * @param lengths as for gru
   * @param dy gradient of y, [batch, time, hidden], or null for zeros
   * @param dhN gradient of hN, [batch, hidden], or null for zeros
   * @param dGates gradient of the gates, [batch, time, 3 · hidden]; may be activations
   * @param dProducts gradient of p, [batch, time, 3 · hidden]
   * @param dh0 gradient of h0, [batch, hidden]
   * @param previous [batch, time, hidden], the h before each time
   * @throws IndexOutOfBoundsException if a length is out of range; nothing is written
   */
  public static void gruBackward(
      WorkerPool pool,
      RecurrentShape shape,
      MemorySegment activations,
      MemorySegment candidates,
      MemorySegment y,
      MemorySegment weight,
      MemorySegment h0,
      MemorySegment lengths,
      MemorySegment dy,
      MemorySegment dhN,
      MemorySegment dGates,
      MemorySegment dProducts,
      MemorySegment dh0,
      MemorySegment previous) {
    Sizes sizes = Sizes.of(pool, shape, GruKernels.GATES);
    Tensors tensors =
        new Tensors()
            .input("activations", activations, sizes.gates)
            .input("candidates", candidates, sizes.states)
            .input("y", y, sizes.states)
            .input("weight", weight, sizes.weight)
            .optional("h0", h0, sizes.state)
            .optional("lengths", lengths, shape.batch())
            .optional("dy", dy, sizes.states)
            .optional("dhN", dhN, sizes.state)
            .output("dGates", dGates, sizes.gates, "activations")
            .output("dProducts", dProducts, sizes.gates)
            .output("dh0", dh0, sizes.state)
            .output("previous", previous, sizes.states);
    RecurrentTensors.GruBackward x =
        new RecurrentTensors.GruBackward(
            shape,
            activations,
            candidates,
            y,
            weight,
            h0,
            lengths,
            dy,
            dhN,
            dGates,
            dProducts,
            dh0,
            previous);
    run(pool, sizes, x, (from, to) -> SimdGruKernels.INSTANCE.backward(x, from, to), tensors);
  }

  private static void run(
      WorkerPool pool, Sizes sizes, RecurrentTensors x, RangeTask.Kernel kernel, Tensors tensors) {
    RecurrentShape shape = x.shape();
    if (sizes.state > 0) {
      Dispatch.run(
          pool,
          RangeTask.whole(() -> RecurrentTensors.checkLengths(shape, x.lengths())),
          tensors.memory());
      Dispatch.run(
          pool,
          RangeTask.overItems(shape.batch(), shape.work(sizes.gatesOfCell), kernel).oncePerThread(),
          tensors.memory());
    }
  }

  /** The elements of operands. */
  private record Sizes(
      int gatesOfCell, long gates, long weight, long bias, long states, long state) {
    static Sizes of(WorkerPool pool, RecurrentShape shape, int gatesOfCell) {
      Objects.requireNonNull(pool, "pool");
      Objects.requireNonNull(shape, "shape");
      int hidden = shape.hidden();
      return new Sizes(
          gatesOfCell,
          Checks.elements("gates", shape.batch(), shape.time(), gatesOfCell, hidden),
          Checks.elements("weight", gatesOfCell, hidden, hidden),
          Checks.elements("bias", gatesOfCell, hidden),
          Checks.elements("y", shape.batch(), shape.time(), hidden),
          Checks.elements("state", shape.batch(), hidden));
    }
  }
}
