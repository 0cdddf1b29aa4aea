package org.lanewise.nn.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.onnx.OnnxCase.Nothing;

/** Softmax and attention of every form. */
final class AttentionCases {
  private static final AttentionForm GROUPED = AttentionForm.of(4).withKeyValueHeads(2);

  private AttentionCases() {}

  static Stream<OnnxCase> all() {
    return Stream.of(
        OnnxCase.of("softmax", new Nothing(), x -> x.softmax(-1), 3, 4, 5).withTime("x"),
        OnnxCase.of("softmax of an axis", new Nothing(), x -> x.softmax(1), 3, 4, 5).withTime("x"),
        OnnxCase.of("log softmax", new Nothing(), x -> x.logSoftmax(-1), 3, 4, 5).withTime("x"),
        OnnxCase.of("causal softmax", new Nothing(), Tensor::causalSoftmax, 3, 4, 5).withTime("x"),
        OnnxCase.of("causal softmax of fewer keys", new Nothing(), Tensor::causalSoftmax, 3, 7, 4),
        fused("self-attention", AttentionForm.of(2)),
        fused("causal self-attention", AttentionForm.of(2).withCausal()),
        fused("scaled self-attention", AttentionForm.of(2).withScale(0.3f)),
        fused("grouped self-attention", GROUPED),
        fused("grouped causal self-attention", GROUPED.withCausal()),
        OnnxCase.of(
                "self-attention of a pattern",
                new Nothing(),
                x -> x.selfAttention(2, AttentionPattern.CAUSAL),
                3,
                4,
                12)
            .withTime("x"),
        masked("masked self-attention", AttentionForm.of(2)),
        masked("masked causal self-attention", AttentionForm.of(2).withCausal()),
        masked("masked grouped self-attention", GROUPED),
        apart("attention", AttentionForm.of(2)),
        apart("causal attention", AttentionForm.of(2).withCausal()),
        apart("grouped causal attention", GROUPED.withCausal()),
        apart("attention at positions", AttentionForm.of(2).withPosition()),
        apart("causal attention at positions", GROUPED.withCausal().withPosition()),
        apart("masked attention at positions", AttentionForm.of(2).withMask().withPosition()));
  }

  /** A case for so many columns of q, k and v together. */
  private static OnnxCase fused(String name, AttentionForm form) {
    long columns = (form.heads() + 2L * form.keyValueHeads()) * 3;
    return OnnxCase.of(name, new Nothing(), x -> x.selfAttention(form), 3, 4, columns)
        .withTime("x");
  }

  private static OnnxCase masked(String name, AttentionForm form) {
    long columns = (form.heads() + 2L * form.keyValueHeads()) * 3;
    return OnnxCase.ofAll(
            name,
            new Nothing(),
            in -> Tensors.of("y", in.get("x").selfAttention(form, in.get("mask"))),
            Signature.of("x", TensorType.f32(3, 4, columns)).and("mask", TensorType.i32(3, 4)))
        .withTime("x", "mask");
  }

  /** Of q, k and v apart, with fewer queries than keys, both of any length. */
  private static OnnxCase apart(String name, AttentionForm form) {
    Function<Tensors, Tensors> function =
        in -> {
          Tensor[] others =
              in.tensors().entrySet().stream()
                  .filter(entry -> !entry.getKey().equals("q"))
                  .map(entry -> entry.getValue())
                  .toArray(Tensor[]::new);
          return Tensors.of("y", in.get("q").apply(new AttentionOp.Attention(form), others));
        };
    OnnxOptions options = OnnxOptions.DEFAULT.dynamic("q", 1, "queries");
    for (String input : List.of("k", "v", "mask")) {
      if (form.masked() || !input.equals("mask")) {
        options = options.dynamic(input, 1, "keys");
      }
    }
    return OnnxCase.ofAll(name, new Nothing(), function, signature(form, 3, 2, 6))
        .withBelow("position", 3)
        .withOptions(options, List.of(signature(form, 1, 1, 5), signature(form, 4, 5, 9)));
  }

  private static Signature signature(AttentionForm form, long batch, long queries, long keys) {
    LinkedHashMap<String, TensorType> types = new LinkedHashMap<>();
    types.put("q", TensorType.f32(batch, queries, form.heads() * 3L));
    types.put("k", TensorType.f32(batch, keys, form.keyValueHeads() * 3L));
    types.put("v", TensorType.f32(batch, keys, form.keyValueHeads() * 3L));
    if (form.masked()) {
      types.put("mask", TensorType.i32(batch, keys));
    }
    if (form.positioned()) {
      types.put("position", TensorType.i32(batch));
    }
    return new Signature(types);
  }
}
