package org.lanewise.nn.onnx;

import java.util.Map;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.op.SoftmaxOp;

/** Softmax, and attention as products and a softmax of scores. */
final class AttentionExport {
  private AttentionExport() {}

  static String export(SoftmaxOp.Forward op, Emitter e) {
    return switch (op) {
      case SoftmaxOp.Softmax(var axis) -> e.add("Softmax", Map.of("axis", (long) axis), e.input(0));
      case SoftmaxOp.LogSoftmax(var axis) ->
          e.add("LogSoftmax", Map.of("axis", (long) axis), e.input(0));
      case SoftmaxOp.CausalSoftmax _ -> {
        String x = e.input(0);
        String queries = e.range(x, e.rank(0) - 2L);
        String keys = e.range(x, e.rank(0) - 1L);
        String later = e.add("Sub", e.length(x, e.rank(0) - 1L), e.length(x, e.rank(0) - 2L));
        yield softmax(e, x, visible(e, keys, e.add("Add", queries, later)));
      }
    };
  }

  /** Which keys are not later than the last one that each query sees. */
  private static String visible(Emitter e, String keys, String last) {
    return e.add("LessOrEqual", keys, e.unsqueeze(last, -1));
  }

  /** Softmax of the scores of visible keys; the others, even if they are all, get 0. */
  private static String softmax(Emitter e, String scores, String visible) {
    String seen = e.add("Where", visible, scores, e.number(Float.NEGATIVE_INFINITY));
    String softmax = e.add("Softmax", Map.of("axis", -1L), seen);
    return e.add("Where", visible, softmax, e.number(0f));
  }

  /** Attention of q [batch, heads of keys, group, queries, headSize] to keys of the same axes. */
  static String export(AttentionOp.Attention op, Emitter e) {
    AttentionForm form = op.form();
    AttentionShape shape = op.shape(e.node().inputTypes());
    long heads = form.heads();
    long keyValueHeads = form.keyValueHeads();
    long size = shape.headSize();
    String q = part(e, form, 0, 0, heads * size);
    String k = part(e, form, form.keyIndex(), heads * size, keyValueHeads * size);
    String v =
        part(e, form, form.valueIndex(), (heads + keyValueHeads) * size, keyValueHeads * size);
    String ofHeads =
        e.transpose(e.reshape(q, 0, 0, keyValueHeads, shape.group(), size), 0, 2, 3, 1, 4);
    String keys = e.transpose(e.reshape(k, 0, 0, keyValueHeads, 1, size), 0, 2, 3, 4, 1);
    String values = e.transpose(e.reshape(v, 0, 0, keyValueHeads, 1, size), 0, 2, 3, 1, 4);
    String scores = e.add("Mul", e.add("MatMul", ofHeads, keys), e.number(shape.scale()));
    String visible = visible(e, form, q, k);
    String weights =
        visible == null
            ? e.add("Softmax", Map.of("axis", -1L), scores)
            : softmax(e, scores, visible);
    String o = e.transpose(e.add("MatMul", weights, values), 0, 3, 1, 2, 4);
    return e.reshape(o, 0, 0, heads * size);
  }

  /** The columns of q, k or v, of an operand of their own or of all three. */
  private static String part(Emitter e, AttentionForm form, int input, long from, long columns) {
    return form.fused()
        ? e.add(
            "Slice", e.input(input), e.integers(from), e.integers(from + columns), e.integers(2))
        : e.input(input);
  }

  /** Which keys each query sees, as something that fills the scores; null if it sees all. */
  private static String visible(Emitter e, AttentionForm form, String q, String k) {
    String visible = null;
    if (form.positioned() || form.causal()) {
      String first =
          form.positioned()
              ? e.unsqueeze(
                  e.cast(e.input(form.positionIndex()), OnnxType.INT64), 1, 2, 3) // of a sample
              : e.add("Sub", e.length(k, 1), e.length(q, 1));
      String query =
          form.causal()
              ? e.range(q, 1)
              : e.add("Sub", e.length(q, 1), e.integer(1)); // all see what the last one sees
      visible = visible(e, e.range(k, 1), e.add("Add", first, query));
    }
    if (form.masked()) {
      String mask = e.unsqueeze(e.cast(e.input(form.maskIndex()), OnnxType.BOOL), 1, 2, 3);
      visible = visible == null ? mask : e.add("And", visible, mask);
    }
    return visible;
  }
}
