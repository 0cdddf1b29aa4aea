package org.lanewise.kernels.op;

import java.util.ArrayList;
import java.util.List;

/**
 * Recurrent layers over a batch of sequences, and their gradients: the part that goes from step to
 * step. What does not, the product of the layer's input and its weight for all times at once, is
 * done before and comes as gates.
 *
 * <p>A row is a sequence of the batch. Without an initial state it begins with zeros. With lengths,
 * i32 [batch] in 0..time, the times from a row's length on leave its state alone and give zeros;
 * what memory holds there has no part in anything. The last state is that after a row's last step.
 *
 * <p>A backward op takes the gradients of those results that have one; others count as zero. It
 * also gives the state before each time, so that the gradient of the weight is one product over all
 * rows and times, of the transposed gradients of the gates and these states, and that of the bias
 * is a sum of columns.
 */
public sealed interface RecurrentOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends RecurrentOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends RecurrentOp, Op.Backward {}

  /** Whether sequences are read from their ends to their beginnings. */
  boolean reverse();

  /** The gates of a cell: columns of the gates' operands for each element of the state. */
  int gates();

  /** The names of the inputs in order; some are optional. The first has all gates. */
  List<String> inputs();

  /**
   * Long short-term memory (Hochreiter, Schmidhuber, Neural Computation 9(8), 1997; with forget
   * gates as PyTorch has it): with {@code a = gates + (h·weightᵀ + bias)} and its quarters i, f, g
   * and o, {@code c ← sigmoid(f) · c + sigmoid(i) · tanh(g)} and {@code h ← sigmoid(o) · tanh(c)}.
   *
   * <p>Inputs: gates [batch, time, 4 · hidden], weight [4 · hidden, hidden], bias [4 · hidden];
   * with a state, h0 and c0 [batch, hidden]; with lengths, these. Outputs: y [batch, time, hidden],
   * the h of each time; hN and cN [batch, hidden]; for the backward op activations, the gates after
   * their functions, which may be gates, and cells [batch, time, hidden].
   */
  record Lstm(boolean reverse, boolean hasState, boolean hasLengths) implements Forward {
    @Override
    public int gates() {
      return 4;
    }

    @Override
    public int results() {
      return 3;
    }

    @Override
    public List<String> inputs() {
      List<String> names = new ArrayList<>(List.of("gates", "weight", "bias"));
      addIf(hasState, names, "h0", "c0");
      addIf(hasLengths, names, "lengths");
      return names;
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      RecurrentTypes types = RecurrentTypes.of(this, in);
      return List.of(types.states(), types.state(), types.state(), types.gates(), types.states());
    }

    @Override
    public Effects effects() {
      return reads(this)
          .writes("y")
          .writes("hN")
          .writes("cN")
          .writes("activations", "gates")
          .writes("cells");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0) * (2 * shape(in.types()).hidden() + 5);
    }
  }

  /**
   * The gradients of {@link Lstm}.
   *
   * <p>Inputs: activations, cells and y from there; weight; with a state, h0 and c0; with lengths,
   * these; and those of the gradients dy, dhN and dcN that there are. Outputs: dGates [batch, time,
   * 4 · hidden], which are the gradients of a, and may be activations; dh0 and dc0 [batch, hidden];
   * and previous [batch, time, hidden], the h before each time.
   */
  record LstmBackward(
      boolean reverse,
      boolean hasState,
      boolean hasLengths,
      boolean hasDy,
      boolean hasDhN,
      boolean hasDcN)
      implements Backward {
    @Override
    public int gates() {
      return 4;
    }

    @Override
    public List<String> inputs() {
      List<String> names = new ArrayList<>(List.of("activations", "cells", "y", "weight"));
      addIf(hasState, names, "h0", "c0");
      addIf(hasLengths, names, "lengths");
      addIf(hasDy, names, "dy");
      addIf(hasDhN, names, "dhN");
      addIf(hasDcN, names, "dcN");
      return names;
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      RecurrentTypes types = RecurrentTypes.of(this, in);
      return List.of(types.gates(), types.state(), types.state(), types.states());
    }

    @Override
    public Effects effects() {
      return reads(this)
          .writes("dGates", "activations")
          .writes("dh0")
          .writes("dc0")
          .writes("previous");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0) * (2 * shape(in.types()).hidden() + 7);
    }
  }

  /**
   * Gated recurrent units (Cho et al., arXiv 1406.1078; with the reset gate after the product as
   * PyTorch has it): with {@code p = h·weightᵀ + bias} and the thirds r, z and n of gates and of p,
   * {@code r = sigmoid(gates_r + p_r)}, {@code z = sigmoid(gates_z + p_z)}, {@code n = tanh(gates_n
   * + r · p_n)} and {@code h ← (1 − z) · n + z · h}.
   *
   * <p>Inputs: gates [batch, time, 3 · hidden], weight [3 · hidden, hidden], bias [3 · hidden];
   * with a state, h0 [batch, hidden]; with lengths, these. Outputs: y [batch, time, hidden], the h
   * of each time; hN [batch, hidden]; for the backward op activations, the gates after their
   * functions, which may be gates, and candidates [batch, time, hidden], the p_n.
   */
  record Gru(boolean reverse, boolean hasState, boolean hasLengths) implements Forward {
    @Override
    public int gates() {
      return 3;
    }

    @Override
    public int results() {
      return 2;
    }

    @Override
    public List<String> inputs() {
      List<String> names = new ArrayList<>(List.of("gates", "weight", "bias"));
      addIf(hasState, names, "h0");
      addIf(hasLengths, names, "lengths");
      return names;
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      RecurrentTypes types = RecurrentTypes.of(this, in);
      return List.of(types.states(), types.state(), types.gates(), types.states());
    }

    @Override
    public Effects effects() {
      return reads(this)
          .writes("y")
          .writes("hN")
          .writes("activations", "gates")
          .writes("candidates");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0) * (2 * shape(in.types()).hidden() + 5);
    }
  }

  /**
   * The gradients of {@link Gru}.
   *
   * <p>Inputs: activations, candidates and y from there; weight; with a state, h0; with lengths,
   * these; and those of the gradients dy and dhN that there are. Outputs: dGates [batch, time, 3 ·
   * hidden], which may be activations; dProducts [batch, time, 3 · hidden], the gradients of p; dh0
   * [batch, hidden]; and previous [batch, time, hidden], the h before each time.
   */
  record GruBackward(
      boolean reverse, boolean hasState, boolean hasLengths, boolean hasDy, boolean hasDhN)
      implements Backward {
    @Override
    public int gates() {
      return 3;
    }

    @Override
    public List<String> inputs() {
      List<String> names = new ArrayList<>(List.of("activations", "candidates", "y", "weight"));
      addIf(hasState, names, "h0");
      addIf(hasLengths, names, "lengths");
      addIf(hasDy, names, "dy");
      addIf(hasDhN, names, "dhN");
      return names;
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      RecurrentTypes types = RecurrentTypes.of(this, in);
      return List.of(types.gates(), types.gates(), types.state(), types.states());
    }

    @Override
    public Effects effects() {
      return reads(this)
          .writes("dGates", "activations")
          .writes("dProducts")
          .writes("dh0")
          .writes("previous");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0) * (2 * shape(in.types()).hidden() + 7);
    }
  }

  /**
   * The sizes of an op on such operands.
   *
   * @throws ShapeException if the first is not f32 [batch, time, gates · hidden]
   */
  default RecurrentShape shape(List<TensorType> types) {
    TensorType all = types.getFirst();
    Shape shape = all.shape();
    boolean fits =
        all.dtype() == DType.F32 && shape.rank() == 3 && shape.dimension(2) % gates() == 0;
    for (int axis = 0; fits && axis < 3; axis++) {
      fits = shape.dimension(axis) <= Integer.MAX_VALUE;
    }
    if (!fits) {
      throw new ShapeException(
          "%s: %s must be f32 [batch, time, %d · hidden] but is %s"
              .formatted(name(), inputs().getFirst(), gates(), all));
    }
    return new RecurrentShape(
        (int) shape.dimension(0),
        (int) shape.dimension(1),
        (int) shape.dimension(2) / gates(),
        reverse());
  }

  private static void addIf(boolean isPresent, List<String> names, String... more) {
    if (isPresent) {
      names.addAll(List.of(more));
    }
  }

  private static Effects reads(RecurrentOp op) {
    return Effects.reads(op.inputs().toArray(String[]::new));
  }
}
