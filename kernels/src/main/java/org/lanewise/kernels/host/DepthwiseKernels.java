package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Epilogue;

/**
 * Convolutions that are {@linkplain ConvolutionShape#isDepthwise depthwise}: each group has one
 * channel and one filter.
 */
public interface DepthwiseKernels {
  /**
   * Output planes {@code from ≤ i < to} of the batch, counted over images and channels. The
   * products are added in the order of a filter's elements, with zeros for padding; then follows
   * the epilogue.
   *
   * @param bias [channels], or null if the epilogue has none
   */
  void forward(
      ConvolutionShape shape,
      Epilogue epilogue,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      long from,
      long to);

  /**
   * Gradients of the input planes {@code from ≤ i < to} of the batch, counted over images and
   * channels, summed as those of {@link ConvolutionKernels#backwardInput}.
   *
   * @param accumulate whether they are added to what is there
   */
  void backwardInput(
      ConvolutionShape shape,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment weight,
      MemorySegment dx,
      long from,
      long to);

  /**
   * Gradients of the filters {@code from ≤ f < to}. In each image a product belongs to the lane of
   * its output column in {@link org.lanewise.kernels.scalar.VirtualLanes} and is added in the order
   * of rows and columns; the images' sums are added in order.
   *
   * @param accumulate whether they are added to what is there
   */
  void backwardWeight(
      ConvolutionShape shape,
      boolean accumulate,
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dWeight,
      long from,
      long to);
}
