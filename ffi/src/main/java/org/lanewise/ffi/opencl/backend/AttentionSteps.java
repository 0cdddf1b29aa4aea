package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.AttentionShape;

/** Attention on a device. */
final class AttentionSteps {
  private static final String FILE = "attention.cl";

  /** What the rows of transposed matrices are a multiple of. */
  private static final long WIDTH = 4L * Launcher.LANES;

  private final AttentionOp op;
  private final AttentionShape shape;
  private final Operand q;
  private final Operand k;
  private final Operand v;
  private final Operand mask;
  private final Launcher launcher;

  private AttentionSteps(AttentionOp op, Operands in, Launcher launcher) {
    this.op = op;
    this.shape = op.shape(in.operands().stream().map(Operand::type).toList());
    this.q = in.get(0);
    this.k = in.get(1);
    this.v = in.get(2);
    this.mask = op.masked() ? in.get(3) : in.get(1); // kernels take one, but look at it if masked
    this.launcher = launcher;
  }

  static Step bind(AttentionOp op, Operands in, Operands out, Launcher launcher) {
    AttentionSteps steps = new AttentionSteps(op, in, launcher);
    int next = op.masked() ? 4 : 3;
    return switch (op) {
      case AttentionOp.Attention _ -> steps.forward(out.get(0), out.get(1));
      case AttentionOp.AttentionBackward backward ->
          steps.backward(backward, in.get(next), in.get(next + 1), in.get(next + 2), out);
    };
  }

  private long heads() {
    return (long) shape.batch() * shape.heads();
  }

  private Step forward(Operand o, Operand normalizers) {
    Operand scaledK = launcher.scratch(transposedSize(shape.keys()));
    Step attention =
        sizes(
                launcher
                    .kernel(FILE, "attention")
                    .tensor(q)
                    .tensor(scaledK)
                    .tensor(v)
                    .tensor(mask)
                    .tensor(o)
                    .tensor(normalizers))
            .over(shape.queries(), heads());
    return launcher.sequence(transpose(k, shape.keys(), shape.scale(), scaledK), attention);
  }

  private Step backward(
      AttentionOp.AttentionBackward backward,
      Operand o,
      Operand normalizers,
      Operand dO,
      Operands out) {
    Operand scaledK = launcher.scratch(transposedSize(shape.keys()));
    Operand transposedV = launcher.scratch(transposedSize(shape.keys()));
    Operand transposedQ = launcher.scratch(transposedSize(shape.queries()));
    Operand transposedDO = launcher.scratch(transposedSize(shape.queries()));
    Operand means = launcher.scratch(Math.max(1, heads() * shape.queries()));
    Step sumMeans =
        launcher
            .kernel(FILE, "attention_means")
            .tensor(o)
            .tensor(dO)
            .tensor(means)
            .number(heads() * shape.queries())
            .number(shape.headSize())
            .over(heads() * shape.queries());
    Step gradientOfQ =
        sizes(
                launcher
                    .kernel(FILE, "attention_backward_q")
                    .tensor(q)
                    .tensor(k)
                    .tensor(scaledK)
                    .tensor(transposedV)
                    .tensor(mask)
                    .tensor(normalizers)
                    .tensor(means)
                    .tensor(dO)
                    .tensor(out.get(0)))
            .real(shape.scale())
            .flag(out.adds(0))
            .over(shape.queries(), heads());
    Step gradientsOfKAndV =
        sizes(
                launcher
                    .kernel(FILE, "attention_backward_kv")
                    .tensor(q)
                    .tensor(transposedQ)
                    .tensor(k)
                    .tensor(v)
                    .tensor(mask)
                    .tensor(normalizers)
                    .tensor(means)
                    .tensor(dO)
                    .tensor(transposedDO)
                    .tensor(out.get(1))
                    .tensor(out.get(2)))
            .real(shape.scale())
            .flag(out.adds(1))
            .flag(out.adds(2))
            .over(shape.keys(), heads());
    return launcher.sequence(
        transpose(k, shape.keys(), shape.scale(), scaledK),
        transpose(v, shape.keys(), 1f, transposedV),
        transpose(q, shape.queries(), 1f, transposedQ),
        transpose(dO, shape.queries(), 1f, transposedDO),
        sumMeans,
        gradientOfQ,
        gradientsOfKAndV);
  }

  private Launcher.Arguments sizes(Launcher.Arguments arguments) {
    return arguments
        .number(shape.batch())
        .number(shape.heads())
        .number(shape.queries())
        .number(shape.keys())
        .number(shape.headSize())
        .flag(shape.causal())
        .flag(op.masked());
  }

  /** Floats of [batch, heads, headSize, rows], rows being padded; at least one. */
  private long transposedSize(long rows) {
    return Math.max(1, heads() * shape.headSize() * (Math.ceilDiv(rows, WIDTH) * WIDTH));
  }

  private Step transpose(Operand x, long rows, float scale, Operand y) {
    return launcher
        .kernel(FILE, "transposed")
        .tensor(x)
        .tensor(y)
        .number(heads())
        .number(rows)
        .number(shape.headSize())
        .real(scale)
        .over(Launcher.vectors(rows), heads());
  }
}
