package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Convolution of images [batch, channels, height, width].
 *
 * @param weight [filters, channels / groups, kernelHeight, kernelWidth]
 * @param bias [filters]
 * @param window that is moved over the images
 * @param groups of channels, each with filters of its own
 */
public record Conv2d(Parameter weight, Parameter bias, Window window, long groups)
    implements Layer {
  /** This layer with so many zeros around the images. */
  public Conv2d padding(int pixels) {
    return new Conv2d(weight, bias, window.withPadding(pixels), groups);
  }

  /** This layer with windows that are so many pixels apart. */
  public Conv2d stride(int pixels) {
    return new Conv2d(weight, bias, window.withStride(pixels), groups);
  }

  @Override
  public Tensor forward(Tensor x) {
    return x.conv2d(weight, bias, window, groups);
  }
}
