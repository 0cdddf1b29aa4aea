package org.lanewise.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;
import static org.lanewise.nn.layers.Transformers.decoderLayer;
import static org.lanewise.nn.layers.Transformers.encoderLayer;
import static org.lanewise.nn.layers.Transformers.multiHeadAttention;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.Components;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;

/** What transformers are traced to; what they compute is tested with PyTorch's weights. */
class TransformersTest {
  record Model(
      MultiHeadAttention attention, TransformerEncoder encoder, TransformerDecoder decoder) {
    Model() {
      this(
          multiHeadAttention(8, 2),
          TransformerEncoder.of(2, () -> encoderLayer(8, 2, 12)),
          TransformerDecoder.of(2, () -> decoderLayer(8, 2, 12)));
    }
  }

  private final Model model = new Model();

  private Graph trace(Mode mode, Function<Tensors, Tensor> function) {
    Signature signature =
        Signature.of("x", f32(2, 5, 8)).and("memory", f32(2, 4, 8)).and("mask", i32(2, 4));
    return Components.of(model).trace(mode, signature, in -> Tensors.of("y", function.apply(in)));
  }

  @Test
  void attentionToItselfCopiesNothing() {
    assertThat(trace(Mode.TRAIN, in -> model.attention.forward(in.get("x"))).nodes())
        .hasSize(3)
        .noneMatch(node -> node.op() instanceof LayoutOp);
  }

  @Test
  void dropsElementsInTrainingOnly() {
    Function<Tensors, Tensor> function =
        in -> model.decoder.forward(in.get("x"), model.encoder.forward(in.get("memory")));
    Set<Object> dropouts = new HashSet<>();
    trace(Mode.TRAIN, function).nodes().stream()
        .filter(node -> node.op() instanceof DropoutOp)
        .forEach(node -> dropouts.add(node.op()));
    assertThat(dropouts).as("each with a stream of its own").hasSize(2 * 3 + 2 * 4);
    assertThat(trace(Mode.EVALUATE, function).nodes())
        .noneMatch(node -> node.op() instanceof DropoutOp);
  }

  @Test
  void blocksStartWithNumbersOfTheirOwn() {
    Weights weights = Weights.of(model).initialize(3);
    float[] first = weights.toArray("encoder.layers.0.self_attn.in_proj_weight");
    assertThat(first)
        .isNotEqualTo(weights.toArray("encoder.layers.1.self_attn.in_proj_weight"))
        .hasSize(3 * 8 * 8);
    float bound = (float) Math.sqrt(6d / 32);
    for (float element : first) {
      assertThat(element).isBetween(-bound, bound);
    }
    assertThat(weights.toArray("attention.in_proj_bias")).containsOnly(0f);
    assertThat(weights.toArray("attention.out_proj.bias")).containsOnly(0f);
    float[] out = weights.toArray("attention.out_proj.weight");
    for (float element : out) {
      assertThat(Math.abs(element)).isLessThan((float) (1 / Math.sqrt(8)));
    }
  }

  @Test
  void whatAMaskHidesDoesNotMatter() {
    float[] x = new float[2 * 4 * 8];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 37 % 101) / 50f - 1;
    }
    float[] other = x.clone();
    Arrays.fill(other, 3 * 8, 4 * 8, 7f);
    Function<Tensors, Tensor> encoded =
        in -> model.encoder.forward(in.get("x"), AttentionPattern.FULL, in.get("mask"));
    HostTensor mask = HostTensor.of(new int[] {1, 1, 1, 0, 1, 1, 1, 1}, 2, 4);
    try (Session session = Session.open("cpu", Weights.of(model).initialize(2))) {
      float[] of =
          session.run(encoded, Map.of("x", HostTensor.of(x, 2, 4, 8), "mask", mask)).toFloats();
      float[] ofOther =
          session.run(encoded, Map.of("x", HostTensor.of(other, 2, 4, 8), "mask", mask)).toFloats();
      assertThat(Arrays.copyOf(ofOther, 3 * 8)).isEqualTo(Arrays.copyOf(of, 3 * 8));
      assertThat(Arrays.copyOfRange(ofOther, 4 * 8, 8 * 8))
          .isEqualTo(Arrays.copyOfRange(of, 4 * 8, 8 * 8));
    }
  }

  /** A position that sees itself and earlier ones is not changed by later ones. */
  @Test
  void aCausalEncoderDoesNotLookAhead() {
    float[] x = new float[5 * 8];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 53 % 97) / 50f - 1;
    }
    float[] other = x.clone();
    other[4 * 8] = 9f;
    Function<Tensors, Tensor> encoded =
        in -> model.encoder.forward(in.get("x"), AttentionPattern.CAUSAL, null);
    try (Session session = Session.open("cpu", Weights.of(model).initialize(2))) {
      float[] of = session.run(encoded, Map.of("x", HostTensor.of(x, 1, 5, 8))).toFloats();
      float[] ofOther = session.run(encoded, Map.of("x", HostTensor.of(other, 1, 5, 8))).toFloats();
      assertThat(Arrays.copyOf(ofOther, 4 * 8)).isEqualTo(Arrays.copyOf(of, 4 * 8));
      assertThat(ofOther).isNotEqualTo(of);
    }
  }

  @Test
  void namesWhatDoesNotFit() {
    assertThatThrownBy(() -> multiHeadAttention(8, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("heads must be at least 1 and divide the width but are 3 of 8");
    assertThatThrownBy(() ->
            trace(
                Mode.TRAIN, in -> model.attention.attend(in.get("x"), in.get("x"), in.get("mask"))))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("mask must be i32[2, 5] but is i32[2, 4]");
    assertThatThrownBy(
            () -> trace(Mode.TRAIN, in -> model.encoder.forward(in.get("x").slice(2, 0, 6))))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[2, 5, 6]")
        .hasMessageContaining("[24, 8]")
        .hasMessageContaining("in layer encoder.layers.0.self_attn");
  }
}
