package org.lanewise.nn.layers;

import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
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
   * A convolution of images with square windows, stride 1 and no padding; weights and bias are
   * uniform in ±1/√(inputs of a window).
   */
  public static Conv2d conv2d(long channels, long filters, int side) {
    return conv2d(channels, filters, Window.of(side));
  }

  /** A convolution of images with any window; it starts as that with square windows. */
  public static Conv2d conv2d(long channels, long filters, Window window) {
    return Conv2d.of(channels, filters, window);
  }

  /**
   * A convolution of sequences, stride 1 and no padding; weights and bias are uniform in
   * ±1/√(inputs of a window).
   */
  public static Conv1d conv1d(long channels, long filters, int kernel) {
    return Conv1d.of(channels, filters, kernel);
  }

  /**
   * A transposed convolution of images with square windows, stride 1 and no padding; weights and
   * bias are uniform in ±1/√(elements of a channel's filters).
   */
  public static ConvTranspose2d convTranspose2d(long channels, long filters, int side) {
    return convTranspose2d(channels, filters, Window.of(side));
  }

  /** A transposed convolution of images with any window; it starts as that with square ones. */
  public static ConvTranspose2d convTranspose2d(long channels, long filters, Window window) {
    return ConvTranspose2d.of(channels, filters, window);
  }

  /**
   * A transposed convolution of sequences, stride 1 and no padding; weights and bias are uniform in
   * ±1/√(elements of a channel's filters).
   */
  public static ConvTranspose1d convTranspose1d(long channels, long filters, int kernel) {
    return ConvTranspose1d.of(channels, filters, kernel);
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

  /** Group norm with ε 1e-5, which starts as normalization alone. */
  public static GroupNorm groupNorm(long groups, long channels) {
    return GroupNorm.of(groups, channels);
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

  /** Layers one after the other; those without parameters may be methods: {@code Tensor::relu}. */
  public static Sequential sequential(Layer... layers) {
    return new Sequential(List.of(layers));
  }

  /** {@code inner(x) + x}. */
  public static Residual residual(Layer inner) {
    return residual(inner, x -> x);
  }

  /** {@code inner(x) + shortcut(x)}, where inner changes the shape. */
  public static Residual residual(Layer inner, Layer shortcut) {
    return new Residual(inner, shortcut);
  }

  /** A function of each element, of which {@code Tensor::relu} is another way to write one. */
  public static Activate activation(Activation function) {
    return new Activate(function);
  }

  /** Drops each element with probability p in training. */
  public static Dropout dropout(float p) {
    return new Dropout(p);
  }

  /** A row for each sample: all axes but the first as one. */
  public static Flatten flatten() {
    return new Flatten(1, -1);
  }
}
