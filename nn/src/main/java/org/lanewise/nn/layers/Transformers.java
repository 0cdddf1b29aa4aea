package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.Init;
import org.lanewise.nn.Parameter;

/**
 * The layers of transformers, for a static import. They start as PyTorch's do, but each block of an
 * encoder or decoder has numbers of its own.
 */
public final class Transformers {
  private static final float DROPOUT = 0.1f;

  private Transformers() {}

  /**
   * Multi-head attention, whose input weights are uniform in ±√(6 / (4 · width)) (Glorot and
   * Bengio, AISTATS 2010), its output weights in ±1/√width, and its biases 0.
   *
   * @param heads that divide the width
   * @throws IllegalArgumentException if they do not
   */
  public static MultiHeadAttention multiHeadAttention(long width, int heads) {
    if (heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "heads must be at least 1 and divide the width but are %d of %d".formatted(heads, width));
    }
    float bound = (float) Math.sqrt(6d / (4 * width));
    return new MultiHeadAttention(
        Parameter.of(Init.uniform(-bound, bound), 3 * width, width),
        Parameter.of(Init.zeros(), 3 * width),
        new Linear(
            Parameter.of(Init.kaimingUniform(width), width, width),
            Parameter.of(Init.zeros(), width)),
        heads);
  }

  /**
   * A block of an encoder with ReLU, norms after the sums and dropout 0.1.
   *
   * @param heads that divide the width
   * @param feedForward width between the linear layers, often 4 · width
   */
  public static TransformerEncoderLayer encoderLayer(long width, int heads, long feedForward) {
    return new TransformerEncoderLayer(
        multiHeadAttention(width, heads),
        Layers.linear(width, feedForward),
        Layers.linear(feedForward, width),
        Layers.layerNorm(width),
        Layers.layerNorm(width),
        Activation.RELU,
        false,
        DROPOUT);
  }

  /**
   * A block of a decoder with ReLU, norms after the sums and dropout 0.1.
   *
   * @param heads that divide the width
   * @param feedForward width between the linear layers, often 4 · width
   */
  public static TransformerDecoderLayer decoderLayer(long width, int heads, long feedForward) {
    return new TransformerDecoderLayer(
        multiHeadAttention(width, heads),
        multiHeadAttention(width, heads),
        Layers.linear(width, feedForward),
        Layers.linear(feedForward, width),
        Layers.layerNorm(width),
        Layers.layerNorm(width),
        Layers.layerNorm(width),
        Activation.RELU,
        false,
        DROPOUT);
  }
}
