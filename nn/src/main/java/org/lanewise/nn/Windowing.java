package org.lanewise.nn;

import static org.lanewise.nn.Constant.constant;

import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Window;

/**
 * The functions that move a window over images [batch, channels, height, width] or over sequences
 * [batch, channels, length]. A sequence is an image of one row, so its windows have height 1.
 */
public sealed interface Windowing permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * Convolution of images without a bias.
   *
   * @see #conv2d(Operand, Operand, Window, long)
   */
  default Tensor conv2d(Operand weight, Window window, long groups) {
    return self().trace().apply(convolution(window, groups, Epilogue.NONE), self(), weight);
  }

  /**
   * Convolution of images [batch, channels, height, width] with a window.
   *
   * @param weight [filters, channels / groups, kernelHeight, kernelWidth]
   * @param bias [filters]
   * @return [batch, filters, outputHeight, outputWidth]
   */
  default Tensor conv2d(Operand weight, Operand bias, Window window, long groups) {
    return self()
        .trace()
        .apply(convolution(window, groups, Epilogue.ROW_BIAS), self(), weight, bias);
  }

  /**
   * Convolution of sequences without a bias.
   *
   * @see #conv1d(Operand, Operand, Window, long)
   */
  default Tensor conv1d(Operand weight, Window window, long groups) {
    Tensor x = image(self().inLayerOf(weight), window);
    return sequence(x.conv2d(filters(weight), window, groups));
  }

  /**
   * Convolution of sequences [batch, channels, length] with a window of height 1.
   *
   * @param weight [filters, channels / groups, kernelWidth]
   * @param bias [filters]
   * @return [batch, filters, outputWidth]
   */
  default Tensor conv1d(Operand weight, Operand bias, Window window, long groups) {
    Tensor x = image(self().inLayerOf(weight), window);
    return sequence(x.conv2d(filters(weight), bias, window, groups));
  }

  /**
   * Transposed convolution of images [batch, channels, height, width]: each element is multiplied
   * with a filter, and the products are added up where a convolution of the result has its windows.
   * An axis of n elements has {@code (n − 1) · stride − 2 · padding + extent + outputPadding} in
   * the result, where the extent is what a window covers.
   *
   * @param weight [channels, filters / groups, kernelHeight, kernelWidth]
   * @param groups of channels and of filters
   * @param outputPaddingHeight less than the stride or the dilation
   * @param outputPaddingWidth likewise
   * @return [batch, filters, …]
   */
  default Tensor convTranspose2d(
      Operand weight, Window window, long groups, int outputPaddingHeight, int outputPaddingWidth) {
    Tensor x = self().inLayerOf(weight);
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw x.mismatch("x must be [batch, channels, height, width] but is " + x);
    }
    int strideHeight = window.strideHeight();
    int strideWidth = window.strideWidth();
    requireOutputPadding(x, outputPaddingHeight, strideHeight, window.dilationHeight());
    requireOutputPadding(x, outputPaddingWidth, strideWidth, window.dilationWidth());
    long height =
        (shape.dimension(2) - 1) * strideHeight
            - 2L * window.paddingHeight()
            + window.extentHeight()
            + outputPaddingHeight;
    long width =
        (shape.dimension(3) - 1) * strideWidth
            - 2L * window.paddingWidth()
            + window.extentWidth()
            + outputPaddingWidth;
    if (height < 1 || width < 1) {
      throw x.mismatch(
          "the transposed convolution of %s with %s has %d × %d pixels"
              .formatted(x, window, height, width));
    }
    // As a stride of output padding is a zero more of x, what is left is less than a stride.
    Tensor padded =
        x.pad(2, 0, outputPaddingHeight / strideHeight, PaddingMode.ZEROS)
            .pad(3, 0, outputPaddingWidth / strideWidth, PaddingMode.ZEROS);
    return x.trace()
        .apply(
            new ConvolutionOp.TransposedConvolution(window, groups, height, width), padded, weight);
  }

  /**
   * Transposed convolution of images with a bias.
   *
   * @param bias [filters]
   * @see #convTranspose2d(Operand, Window, long, int, int)
   */
  default Tensor convTranspose2d(
      Operand weight,
      Operand bias,
      Window window,
      long groups,
      int outputPaddingHeight,
      int outputPaddingWidth) {
    return addToChannels(
        convTranspose2d(weight, window, groups, outputPaddingHeight, outputPaddingWidth), bias);
  }

  /**
   * Transposed convolution of sequences [batch, channels, length] with a window of height 1.
   *
   * @param weight [channels, filters / groups, kernelWidth]
   * @return [batch, filters, …]
   * @see #convTranspose2d(Operand, Window, long, int, int)
   */
  default Tensor convTranspose1d(Operand weight, Window window, long groups, int outputPadding) {
    Tensor x = image(self().inLayerOf(weight), window);
    return sequence(x.convTranspose2d(filters(weight), window, groups, 0, outputPadding));
  }

  /**
   * Transposed convolution of sequences with a bias.
   *
   * @param bias [filters]
   * @see #convTranspose1d(Operand, Window, long, int)
   */
  default Tensor convTranspose1d(
      Operand weight, Operand bias, Window window, long groups, int outputPadding) {
    Tensor x = image(self().inLayerOf(weight), window);
    return sequence(x.convTranspose2d(filters(weight), bias, window, groups, 0, outputPadding));
  }

  private static void requireOutputPadding(Tensor x, int outputPadding, int stride, int dilation) {
    if (outputPadding < 0 || outputPadding >= Math.max(stride, dilation)) {
      throw x.mismatch(
          "the output padding must be at least 0 and less than the stride %d or the dilation %d but is %d"
              .formatted(stride, dilation, outputPadding));
    }
  }

  /** Adds one element to all of a channel. */
  private static Tensor addToChannels(Tensor x, Operand bias) {
    Shape shape = x.shape();
    long images = shape.dimension(0);
    long channels = shape.dimension(1);
    Constant zeros = constant(HostTensor.zeros(TensorType.f32(images, channels)));
    Tensor ofImages = x.trace().apply(new ElementwiseOp.Binary(BinaryFunction.ADD), zeros, bias);
    return x.add(ofImages.reshape(images, channels, 1, 1));
  }

  private static Op convolution(Window window, long groups, Epilogue epilogue) {
    return new ConvolutionOp.Convolution(window, groups, epilogue);
  }

  /** The largest element of each window of images [batch, channels, height, width]. */
  default Tensor maxPool(Window window) {
    return self().trace().apply(new PoolingOp.MaxPooling(window), self());
  }

  /** The largest element of each of the windows that divide the images into squares. */
  default Tensor maxPool(int side) {
    return maxPool(Window.of(side).withStride(side));
  }

  /** The largest element of each window of height 1 of sequences [batch, channels, length]. */
  default Tensor maxPool1d(Window window) {
    return sequence(image(self(), window).maxPool(window));
  }

  /** The largest element of each of the windows that divide the sequences. */
  default Tensor maxPool1d(int length) {
    return maxPool1d(Window.of(1, length).withStride(length));
  }

  /**
   * The mean of each window of images [batch, channels, height, width], in which padding counts as
   * zeros.
   */
  default Tensor averagePool(Window window) {
    return averagePool(window, true);
  }

  /**
   * The mean of each window of images [batch, channels, height, width].
   *
   * @param countPadding whether padding counts as zeros, or not at all
   */
  default Tensor averagePool(Window window, boolean countPadding) {
    return self().trace().apply(new PoolingOp.AveragePooling(window, countPadding), self());
  }

  /**
   * The mean of each window of height 1 of sequences [batch, channels, length].
   *
   * @param countPadding whether padding counts as zeros, or not at all
   */
  default Tensor averagePool1d(Window window, boolean countPadding) {
    return sequence(image(self(), window).averagePool(window, countPadding));
  }

  /** Sequences as images of one row. */
  private static Tensor image(Tensor x, Window window) {
    Shape shape = x.shape();
    if (shape.rank() != 3) {
      throw x.mismatch("x must be [batch, channels, length] but is " + x);
    }
    if (window.kernelHeight() != 1 || window.paddingHeight() != 0) {
      throw x.mismatch(
          "a window over sequences %s must have height 1 but is %s".formatted(x, window));
    }
    return x.reshape(withHeight(shape));
  }

  /** Images of one row as sequences. */
  private static Tensor sequence(Tensor image) {
    Shape shape = image.shape();
    return image.reshape(shape.dimension(0), shape.dimension(1), shape.dimension(3));
  }

  /** Filters of sequences as those of images of one row. */
  private Tensor filters(Operand weight) {
    if (weight.shape().rank() != 3) {
      throw self()
          .inLayerOf(weight)
          .mismatch("the weight must have 3 axes but is " + weight.shape());
    }
    return self().trace().apply(new LayoutOp.Reshape(withHeight(weight.shape())), weight);
  }

  private static Shape withHeight(Shape shape) {
    return Shape.of(shape.dimension(0), shape.dimension(1), 1, shape.dimension(2));
  }
}
