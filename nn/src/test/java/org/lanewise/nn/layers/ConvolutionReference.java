package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Window;
import org.lanewise.nn.PaddingMode;

/**
 * Convolutions of images in f64, element by element.
 *
 * @param filters of all groups
 */
record ConvolutionReference(
    int images, int channels, int height, int width, int filters, int groups, Window window) {
  /** An element of a plane, also outside of it. */
  private double at(float[] x, int image, int channel, int row, int column, PaddingMode mode) {
    int i = place(row, height, mode);
    int j = place(column, width, mode);
    return i < 0 || j < 0 ? 0 : x[((image * channels + channel) * height + i) * width + j];
  }

  private static int place(int index, int length, PaddingMode mode) {
    if (index >= 0 && index < length) {
      return index;
    }
    return switch (mode) {
      case ZEROS -> -1;
      case REFLECT -> index < 0 ? -index : 2 * length - 2 - index;
      case REPLICATE -> index < 0 ? 0 : length - 1;
      case CIRCULAR -> (index + length) % length;
    };
  }

  int outputHeight() {
    return window.outputHeight(height);
  }

  int outputWidth() {
    return window.outputWidth(width);
  }

  double[] convolve(float[] x, float[] weight, float[] bias, PaddingMode mode) {
    double[] y = new double[images * filters * outputHeight() * outputWidth()];
    int groupChannels = channels / groups;
    int at = 0;
    for (int image = 0; image < images; image++) {
      for (int filter = 0; filter < filters; filter++) {
        int firstChannel = filter / (filters / groups) * groupChannels;
        for (int row = 0; row < outputHeight(); row++) {
          for (int column = 0; column < outputWidth(); column++) {
            double sum = bias == null ? 0 : bias[filter];
            int w = filter * groupChannels * window.kernelHeight() * window.kernelWidth();
            for (int channel = 0; channel < groupChannels; channel++) {
              for (int k = 0; k < window.kernelHeight(); k++) {
                for (int l = 0; l < window.kernelWidth(); l++) {
                  int i =
                      row * window.strideHeight()
                          + k * window.dilationHeight()
                          - window.paddingHeight();
                  int j =
                      column * window.strideWidth()
                          + l * window.dilationWidth()
                          - window.paddingWidth();
                  sum += weight[w++] * at(x, image, firstChannel + channel, i, j, mode);
                }
              }
            }
            y[at++] = sum;
          }
        }
      }
    }
    return y;
  }
}
