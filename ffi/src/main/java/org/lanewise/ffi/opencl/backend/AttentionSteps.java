package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.AttentionShape;

/** Attention on a device. */
final class AttentionSteps {
  private static final String FILE = "attention.cl";

  /** What the rows of transposed matrices are a multiple of. */
  private static final long WIDTH = 4L * Launcher.LANES;

  private final AttentionForm form;
  private final AttentionShape shape;
  private final Rows q;
  private final Rows k;
  private final Rows v;
  private final Operand mask;
  private final Launcher launcher;

  private AttentionSteps(AttentionOp op, Operands in, Launcher launcher) {
    form = op.form();
    shape = op.shape(in.operands().stream().map(Operand::type).toList());
    q = queries(in.get(0), shape.q());
    k = keys(in.get(form.keyIndex()), shape.k());
    v = keys(in.get(form.valueIndex()), shape.v());
    mask = in.get(form.masked() ? form.maskIndex() : 0); // kernels look at it if masked
    this.launcher = launcher;
  }

  static Step bind(AttentionOp op, Operands in, Operands out, Launcher launcher) {
    AttentionSteps steps = new AttentionSteps(op, in, launcher);
    int next = op.form().inputs();
    return switch (op) {
      case AttentionOp.Attention _ ->
          steps.forward(
              op.form().positioned() ? in.get(op.form().positionIndex()) : null,
              out.get(0),
              out.get(1));
      case AttentionOp.AttentionBackward _ ->
          steps.backward(in.get(next), in.get(next + 1), in.get(next + 2), out);
    };
  }

  /** A tensor with a matrix for each head of each sample. */
  private record Rows(Operand tensor, AttentionShape.Layout layout, int heads, int rows) {}

  private Rows queries(Operand tensor, AttentionShape.Layout layout) {
    return new Rows(tensor, layout, shape.heads(), shape.queries());
  }

  private Rows keys(Operand tensor, AttentionShape.Layout layout) {
    return new Rows(tensor, layout, shape.keyValueHeads(), shape.keys());
  }

  private Step forward(Operand positions, Operand o, Operand normalizers) {
    Operand scaledK = transposed(k);
    Launcher.Arguments attention =
        positions == null
            ? launcher.kernel(FILE, "attention")
            : launcher.kernel(FILE, "attention", "POSITIONED");
    rows(attention, q).tensor(scaledK);
    rows(attention, v).tensor(mask);
    rows(attention, queries(o, shape.o())).tensor(normalizers);
    sizes(attention);
    if (positions != null) {
      attention
          .tensor(positions)
          .integer(shape.keys() - shape.queries() + 1)
          .fault(LayoutSteps.POSITION_FAULT);
    }
    return launcher.sequence(
        transpose(k, shape.scale(), scaledK), attention.over(shape.queries(), heads()));
  }

  private Step backward(Operand o, Operand normalizers, Operand gradient, Operands out) {
    Rows dO = queries(gradient, shape.o());
    Operand scaledK = transposed(k);
    Operand transposedV = transposed(v);
    Operand transposedQ = transposed(q);
    Operand transposedDO = transposed(dO);
    Operand means = launcher.scratch(Math.max(1, heads() * shape.queries()));
    Launcher.Arguments sumMeans = launcher.kernel(FILE, "attention_means");
    rows(sumMeans, queries(o, shape.o()));
    rows(sumMeans, dO).tensor(means);
    Launcher.Arguments ofQ = launcher.kernel(FILE, "attention_backward_q");
    rows(ofQ, q);
    rows(ofQ, k).tensor(scaledK).tensor(transposedV).tensor(mask).tensor(normalizers).tensor(means);
    rows(ofQ, dO);
    rows(ofQ, queries(out.get(0), shape.q()));
    Launcher.Arguments ofKeys = launcher.kernel(FILE, "attention_backward_kv");
    rows(ofKeys, q).tensor(transposedQ);
    rows(ofKeys, k);
    rows(ofKeys, v).tensor(mask).tensor(normalizers).tensor(means);
    rows(ofKeys, dO).tensor(transposedDO);
    rows(ofKeys, keys(out.get(form.keyIndex()), shape.k()));
    rows(ofKeys, keys(out.get(form.valueIndex()), shape.v()));
    return launcher.sequence(
        transpose(k, shape.scale(), scaledK),
        transpose(v, 1f, transposedV),
        transpose(q, 1f, transposedQ),
        transpose(dO, 1f, transposedDO),
        sumMeans
            .number(shape.batch())
            .number(shape.heads())
            .number(shape.queries())
            .number(shape.headSize())
            .over(shape.queries(), heads()),
        sizes(ofQ).real(shape.scale()).flag(out.adds(0)).over(shape.queries(), heads()),
        sizes(ofKeys)
            .real(shape.scale())
            .flag(out.adds(form.keyIndex()))
            .flag(out.adds(form.valueIndex()))
            .over(shape.keys(), (long) shape.batch() * shape.keyValueHeads()));
  }

  /** Heads of queries of all samples. */
  private long heads() {
    return (long) shape.batch() * shape.heads();
  }

  private static Launcher.Arguments rows(Launcher.Arguments arguments, Rows x) {
    return arguments
        .tensor(x.tensor, x.layout.offset())
        .number(x.layout.batchStride())
        .number(x.layout.headStride())
        .number(x.layout.rowStride());
  }

  private Launcher.Arguments sizes(Launcher.Arguments arguments) {
    return arguments
        .number(shape.batch())
        .number(shape.heads())
        .number(shape.keyValueHeads())
        .number(shape.queries())
        .number(shape.keys())
        .number(shape.headSize())
        .flag(shape.causal())
        .flag(form.masked());
  }

  /** Memory for [batch, heads, headSize, rows], rows being padded; at least one element. */
  private Operand transposed(Rows x) {
    long heads = (long) shape.batch() * x.heads;
    return launcher.scratch(
        Math.max(1, heads * shape.headSize() * (Math.ceilDiv(x.rows, WIDTH) * WIDTH)));
  }

  private Step transpose(Rows x, float scale, Operand y) {
    return rows(launcher.kernel(FILE, "transposed"), x)
        .tensor(y)
        .number(shape.batch())
        .number(x.heads)
        .number(x.rows)
        .number(shape.headSize())
        .real(scale)
        .over(Launcher.vectors(x.rows), (long) shape.batch() * x.heads);
  }
}
