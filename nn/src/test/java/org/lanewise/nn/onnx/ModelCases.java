package org.lanewise.nn.onnx;

import static org.lanewise.nn.layers.Layers.batchNorm;
import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.embedding;
import static org.lanewise.nn.layers.Layers.layerNorm;
import static org.lanewise.nn.layers.Layers.linear;

import java.util.List;
import java.util.stream.Stream;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Init;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.BatchNorm;
import org.lanewise.nn.layers.Conv2d;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.LayerNorm;
import org.lanewise.nn.layers.Layers;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.layers.Lstm;

/** Whole models. */
final class ModelCases {
  static final int VOCABULARY = 19;
  static final int MAX_LENGTH = 24;

  private ModelCases() {}

  static Stream<OnnxCase> all() {
    return Stream.of(cnn(), transformer(), lstmClassifier());
  }

  /** Reads digits. */
  record Cnn(Conv2d conv1, BatchNorm norm1, Conv2d conv2, Linear hidden, Linear logits) {
    Cnn() {
      this(
          conv2d(1, 4, 3).padding(1),
          batchNorm(4),
          conv2d(4, 8, 3).padding(1),
          linear(8 * 7 * 7, 16),
          linear(16, 10));
    }

    Tensor forward(Tensor pictures) {
      Tensor x = norm1.forward(conv1.forward(pictures)).relu().maxPool(2);
      x = conv2.forward(x).gelu().maxPool(2);
      return logits.forward(hidden.forward(x.flatten()).relu().dropout(0.5f));
    }
  }

  private static OnnxCase cnn() {
    Cnn model = new Cnn();
    return OnnxCase.ofAll(
        "CNN",
        model,
        in -> {
          Tensor logits = model.forward(in.get("pictures").toF32().mul(1 / 255f));
          return Tensors.of("logits", logits).and("probabilities", logits.softmax(-1));
        },
        Signature.of("pictures", TensorType.u8(2, 1, 28, 28)));
  }

  record Block(LayerNorm norm1, Linear qkv, Linear out, LayerNorm norm2, Linear up, Linear down) {
    Block(int width) {
      this(
          layerNorm(width),
          linear(width, 3 * width),
          linear(width, width),
          layerNorm(width),
          linear(width, 4 * width),
          linear(4 * width, width));
    }

    Tensor forward(Tensor x, Tensor mask) {
      Tensor qkv = this.qkv.forward(norm1.forward(x));
      Tensor h = x.add(out.forward(qkv.selfAttention(AttentionForm.of(4), mask)));
      return h.add(down.forward(up.forward(norm2.forward(h)).gelu().dropout(0.1f)));
    }
  }

  /** Encodes sentences of up to as many tokens as there are positions. */
  record Transformer(Embedding tokens, Parameter positions, List<Block> blocks, LayerNorm norm) {
    Transformer() {
      this(
          embedding(VOCABULARY, 16),
          Parameter.of(Init.normal(0.5f), MAX_LENGTH, 16),
          List.of(new Block(16), new Block(16)),
          layerNorm(16));
    }

    Tensor forward(Tensor ids, Tensor mask, Tensor places) {
      Tensor x = tokens.forward(ids).add(places.embedding(positions));
      for (Block block : blocks) {
        x = block.forward(x, mask);
      }
      return norm.forward(x).slice(1, 0, 1).reshape(ids.shape().dimension(0), 16).tanh();
    }
  }

  static OnnxCase transformer() {
    Transformer model = new Transformer();
    return OnnxCase.ofAll(
            "transformer",
            model,
            in ->
                Tensors.of(
                    "sentence", model.forward(in.get("ids"), in.get("mask"), in.get("places"))),
            Signature.of("ids", TensorType.i32(3, 6))
                .and("mask", TensorType.i32(3, 6))
                .and("places", TensorType.i32(3, 6)))
        .withTime("ids", "mask", "places")
        .withBelow("ids", VOCABULARY)
        .withBelow("places", MAX_LENGTH);
  }

  /** Tells kinds of texts apart by what it remembers at their ends. */
  record Classifier(Embedding letters, Lstm lstm, Linear logits) {
    Classifier() {
      this(
          embedding(VOCABULARY, 6), Layers.lstm(6, 8).layers(2).bidirectional(true), linear(16, 3));
    }

    Tensor forward(Tensor ids) {
      Tensor hidden = lstm.run(letters.forward(ids)).hidden();
      long batch = ids.shape().dimension(0);
      Tensor last =
          hidden.slice(0, 2, 4).permute(1, 0, 2).reshape(batch, 16); // both directions of the top
      return logits.forward(last);
    }
  }

  private static OnnxCase lstmClassifier() {
    Classifier model = new Classifier();
    return OnnxCase.ofAll(
            "LSTM classifier",
            model,
            in -> Tensors.of("logits", model.forward(in.get("ids"))),
            Signature.of("ids", TensorType.i32(3, 6)))
        .withTime("ids")
        .withBelow("ids", VOCABULARY);
  }
}
