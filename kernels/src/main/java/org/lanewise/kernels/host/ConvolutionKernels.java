package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;

/**
 * Two-dimensional convolutions. Element t of a window is that in row {@code t / kernelWidth} and
 * column {@code t % kernelWidth}.
 */
public interface ConvolutionKernels {
  /** Outputs over which the gradient of a weight is summed before the next sum begins. */
  int PIXEL_BLOCK = ProductOp.DEPTH_BLOCK;

  /**
   * Outputs of all filters at the pixels {@code from ≤ i < to} of the batch, counted over images,
   * rows and columns. The products are added in the order of a filter's elements, with zeros for
   * padding, in blocks of {@link ProductOp#DEPTH_BLOCK}; then follows the epilogue.
   *
   * @param bias [filters], or null if the epilogue has none
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
   * channels. From 0, or from what is there, each pixel in turn that has the element in its window
   * adds what all filters give: products in the order of the filters, in blocks of {@link
   * ProductOp#DEPTH_BLOCK}.
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
   * Gradients of the weights of items {@code from ≤ i < to}, see {@link
   * ConvolutionShape#weightItems}. The products of the batch's pixels are added in order, in blocks
   * of {@link #PIXEL_BLOCK} pixels, with zeros for padding.
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

  /**
   * Gradients of the biases {@code from ≤ f < to}: a filter's gradients in each image are added in
   * the order of {@link org.lanewise.kernels.scalar.VirtualLanes}, and the images in f64.
   *
   * @param accumulate whether they are added to what is there
   */
  void backwardBias(
      long images,
      long filters,
      long plane,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment dBias,
      long from,
      long to);
}
