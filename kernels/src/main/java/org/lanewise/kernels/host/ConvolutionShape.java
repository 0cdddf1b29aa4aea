package org.lanewise.kernels.host;

import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Window;

/**
 * Sizes of a convolution: x [images, channels, height, width], weight [filters, channels / groups,
 * kernelHeight, kernelWidth], y [images, filters, outputHeight, outputWidth]. Group g has its share
 * of the channels and of the filters.
 */
public record ConvolutionShape(
    Window window, long groups, long images, long channels, long height, long width, long filters) {

  public long groupChannels() {
    return channels / groups;
  }

  public long groupFilters() {
    return filters / groups;
  }

  public long outputHeight() {
    return window.outputHeight(height);
  }

  public long outputWidth() {
    return window.outputWidth(width);
  }

  /** Elements of an input plane. */
  public long plane() {
    return height * width;
  }

  /** Elements of an output plane. */
  public long outputPlane() {
    return outputHeight() * outputWidth();
  }

  /** Elements of a filter, which are the products that make an output. */
  public long depth() {
    return groupChannels() * window.kernelSize();
  }

  /**
   * What the gradients of weights are shared out by: filters or, if they have more elements than a
   * group has filters, the elements of all filters of a group, counted over groups.
   */
  public long weightItems() {
    return groups * Math.max(groupFilters(), depth());
  }

  /** Weights of such an item. */
  public long itemWeights() {
    return Math.min(groupFilters(), depth());
  }

  /** Whether such an item is a filter. */
  public boolean hasShortFilters() {
    return depth() < groupFilters();
  }

  /**
   * Whether each group has one channel and one filter, whose products are one block of {@link
   * ProductOp#DEPTH_BLOCK}.
   */
  public boolean isDepthwise() {
    return groups == channels && groups == filters && depth() <= ProductOp.DEPTH_BLOCK;
  }
}
