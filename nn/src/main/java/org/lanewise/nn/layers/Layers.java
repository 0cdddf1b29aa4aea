package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.Init;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.State;

/** The layers, for a static import. They start as PyTorch's do. */
public final class Layers {
  static final float NORM_EPSILON = 1e-5f;
  private static final float BATCH_NORM_MOMENTUM = 0.1f;

  /** Attention to positions that are not later. */
  public static final AttentionPattern CAUSAL = AttentionPattern.CAUSAL;

  /** Attention to all positions. */
  public static final AttentionPattern FULL = AttentionPattern.FULL;

  private Layers() {}

  /** A linear layer, weights and bias uniform in ±1/√inputs. */
  public static Linear linear(long inputs, long outputs) {
    return new Linear(
        Parameter.of(Init.kaimingUniform(inputs), outputs, inputs),
        Parameter.of(Init.kaimingUniform(inputs), outputs));
  }

  /**
   * A convolution with square windows, stride 1 and no padding; weights and bias are uniform in
   * ±1/√(inputs of a window).
   */
  public static Conv2d conv2d(long channels, long filters, int side) {
    long inputs = channels * side * side;
    return new Conv2d(
        Parameter.of(Init.kaimingUniform(inputs), filters, channels, side, side),
        Parameter.of(Init.kaimingUniform(inputs), filters),
        Window.of(side),
        1);
  }

  /** Batch norm with ε 1e-5 and momentum 0.1, which starts as the identity. */
  public static BatchNorm batchNorm(long channels) {
    return new BatchNorm(
        Parameter.of(Init.ones(), channels),
        Parameter.of(Init.zeros(), channels),
        State.of(Init.zeros(), channels),
        State.of(Init.ones(), channels),
        BATCH_NORM_MOMENTUM,
        NORM_EPSILON);
  }

  /** Layer norm with ε 1e-5, which starts as normalization alone. */
  public static LayerNorm layerNorm(long width) {
    return new LayerNorm(
        Parameter.of(Init.ones(), width), Parameter.of(Init.zeros(), width), NORM_EPSILON);
  }

  /** RMS norm with ε 1e-5, which starts as normalization alone. */
  public static RmsNorm rmsNorm(long width) {
    return new RmsNorm(Parameter.of(Init.ones(), width), NORM_EPSILON);
  }

  /** Vectors of a vocabulary, standard normal. */
  public static Embedding embedding(long vocabulary, long width) {
    return new Embedding(Parameter.of(Init.normal(1f), vocabulary, width));
  }

  /** An LSTM of one layer and direction, weights and biases uniform in ±1/√hidden. */
  public static Lstm lstm(long inputs, long hidden) {
    return Lstm.of(inputs, hidden, 1, false, 0f);
  }

  /** A GRU of one layer and direction, weights and biases uniform in ±1/√hidden. */
  public static Gru gru(long inputs, long hidden) {
    return Gru.of(inputs, hidden, 1, false, 0f);
  }
}
