package org.lanewise.nn.models;

import org.lanewise.nn.Init;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.LayerNorm;
import org.lanewise.nn.layers.Linear;

/** What the encoders have in common. They start as the published ones did. */
final class EncoderLayers {
  private static final Init NORMAL = Init.truncatedNormal(0.02f, -0.04f, 0.04f);

  private EncoderLayers() {}

  static Linear linear(long inputs, long outputs) {
    return new Linear(Parameter.of(NORMAL, outputs, inputs), Parameter.of(Init.zeros(), outputs));
  }

  static Embedding embedding(long rows, long width) {
    return new Embedding(Parameter.of(NORMAL, rows, width));
  }

  static LayerNorm norm(BertConfig config) {
    return new LayerNorm(
        Parameter.of(Init.ones(), config.width()),
        Parameter.of(Init.zeros(), config.width()),
        config.epsilon());
  }

  /** The rows [length, width] of a table for the positions of texts. */
  static Tensor positions(Tensor ids, Embedding table, BertConfig config) {
    long length = ids.shape().dimension(1);
    if (length > config.maxLength()) {
      throw ids.inLayerOf(table.weight())
          .mismatch(
              "a text may have at most %d tokens but %s has %d"
                  .formatted(config.maxLength(), ids, length));
    }
    int first = config.firstPosition();
    return ids.read(table.weight()).slice(0, first, first + length);
  }
}
