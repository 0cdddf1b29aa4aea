package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.convolution.SimdConvolutionKernels;
import org.lanewise.kernels.simd.convolution.SimdDepthwiseKernels;
import org.lanewise.kernels.simd.gemm.f32.Product;

/**
 * Two-dimensional convolutions (cross-correlations, as is usual in neural networks) and their
 * gradients.
 *
 * <p>x is [images, channels, height, width], the weight [filters, channels / groups, kernelHeight,
 * kernelWidth], y [images, filters, outputHeight, outputWidth] with the output sizes of the {@link
 * Window}. Channels and filters are divided into groups, and filters of a group meet its channels
 * only. With as many groups as channels and filters, the convolution is depthwise.
 *
 * <p>Convolutions are computed as matrix products of blocks of windows ("im2col"; Chellapilla,
 * Puri, Simard, "High Performance Convolutional Neural Networks for Document Processing", 2006);
 * each thread keeps some hundred KiB for a block, and more if a filter is so large that 64 windows
 * do not fit in that.
 *
 * <p>A bound is given with {@code u = 2⁻²⁴} and the sum of the absolute products that are added,
 * Σ||, which has the bias and what is added to as well.
 *
 * <p>With padding, a plane has less than 2^30 elements; a filter has at most 2^24, and a group at
 * most 2^22 filters. Besides {@link IllegalArgumentException} for sizes beyond that, for groups
 * that do not divide the channels and the filters, and for a window that does not fit, exceptions
 * and requirements are those common to all kernels, of {@link org.lanewise.kernels}.
 */
public final class Convolution {
  private static final long MAX_DEPTH = 1 << 24;
  private static final long MAX_FILTERS = 1 << 22;

  /** Multiply-adds of a matrix product that take as long as an element of other kernels. */
  private static final double PRODUCTS = 16;

  private Convolution() {}

  /**
   * Convolution, on the shared pool.
   *
   * @see #forward(WorkerPool, Window, long, long, long, long, long, long, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void forward(
      Window window,
      long groups,
      long images,
      long channels,
      long height,
      long width,
      long filters,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y) {
    forward(
        WorkerPool.shared(),
        window,
        groups,
        images,
        channels,
        height,
        width,
        filters,
        x,
        weight,
        bias,
        y);
  }

  /**
   * {@code y[n][f][i][j] = bias[f] + Σ weight[f][c][k][l] · x[n][g · channels / groups + c][i ·
   * strideHeight + k · dilationHeight − paddingHeight][j · strideWidth + l · dilationWidth −
   * paddingWidth]}, where g is the group of f, and x is 0 outside. The bias is added last. The
   * error is at most {@code (products + 2)·u·Σ||} with the number of products of an output.
   *
   * @param window kernel sizes, strides, paddings and dilations
   * @param groups divides channels and filters
   * @param x [images, channels, height, width]
   * @param weight [filters, channels / groups, kernelHeight, kernelWidth]
   * @param bias [filters], or null
   * @param y [images, filters, outputHeight, outputWidth]
   */
  public static void forward(
      WorkerPool pool,
      Window window,
      long groups,
      long images,
      long channels,
      long height,
      long width,
      long filters,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    ConvolutionShape shape = shape(window, groups, images, channels, height, width, filters);
    long xSize = inputs(shape);
    long weightSize = weights(shape);
    long ySize = outputs(shape);
    Checks.input("x", x, xSize);
    Checks.input("weight", weight, weightSize);
    Checks.output("y", y, ySize);
    Checks.disjoint("y", y, ySize, "x", x, xSize);
    Checks.disjoint("y", y, ySize, "weight", weight, weightSize);
    if (bias != null) {
      Checks.input("bias", bias, filters);
      Checks.disjoint("y", y, ySize, "bias", bias, filters);
    }
    if (ySize == 0) {
      return;
    }
    prepare(shape);
    Epilogue epilogue = bias == null ? Epilogue.NONE : Epilogue.ROW_BIAS;
    Dispatch.run(
        pool,
        shape.isDepthwise()
            ? RangeTask.overRows(
                images * channels,
                shape.outputPlane() * window.kernelHeight(),
                (from, to) ->
                    SimdDepthwiseKernels.INSTANCE.forward(
                        shape, epilogue, x, weight, bias, y, from, to))
            : RangeTask.overItems(
                images * shape.outputPlane(),
                shape.depth() * (double) filters / PRODUCTS,
                (from, to) ->
                    SimdConvolutionKernels.INSTANCE.forward(
                        shape, epilogue, x, weight, bias, y, from, to)),
        x,
        weight,
        bias,
        y);
  }

  /**
   * Gradient of a convolution with respect to x, on the shared pool.
   *
   * @see #backwardInput(WorkerPool, Window, long, long, long, long, long, long, boolean,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void backwardInput(
      Window window,
      long groups,
      long images,
      long channels,
      long height,
      long width,
      long filters,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment weight,
      MemorySegment dx) {
    backwardInput(
        WorkerPool.shared(),
        window,
        groups,
        images,
        channels,
        height,
        width,
        filters,
        accumulate,
        dy,
        weight,
        dx);
  }

  /**
   * The gradient of {@link #forward} with respect to x: each output adds its gradient times its
   * weights to the gradients of its inputs. The error is at most {@code (terms + 2)·u·Σ||}, where
   * an element has as many terms as the group has filters, and as many more as the window has
   * elements. It is also what is called a transposed convolution, of dy.
   *
   * @param window kernel sizes, strides, paddings and dilations
   * @param groups divides channels and filters
   * @param accumulate whether the gradient is added to what is there
   * @param dy [images, filters, outputHeight, outputWidth], the gradient with respect to y
   * @param weight [filters, channels / groups, kernelHeight, kernelWidth]
   * @param dx [images, channels, height, width]
   */
  public static void backwardInput(
      WorkerPool pool,
      Window window,
      long groups,
      long images,
      long channels,
      long height,
      long width,
      long filters,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment weight,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    ConvolutionShape shape = shape(window, groups, images, channels, height, width, filters);
    long xSize = inputs(shape);
    long weightSize = weights(shape);
    long ySize = outputs(shape);
    Checks.input("dy", dy, ySize);
    Checks.input("weight", weight, weightSize);
    Checks.output("dx", dx, xSize);
    Checks.disjoint("dx", dx, xSize, "dy", dy, ySize);
    Checks.disjoint("dx", dx, xSize, "weight", weight, weightSize);
    if (xSize == 0) {
      return;
    }
    prepare(shape);
    double planeWork = (double) shape.outputPlane() * window.kernelSize();
    Dispatch.run(
        pool,
        shape.isDepthwise()
            ? RangeTask.overRows(
                images * channels,
                shape.outputPlane() * window.kernelHeight(),
                (from, to) ->
                    SimdDepthwiseKernels.INSTANCE.backwardInput(
                        shape, accumulate, dy, weight, dx, from, to))
            : RangeTask.overItems(
                images * channels,
                planeWork * shape.groupFilters() / PRODUCTS,
                (from, to) ->
                    SimdConvolutionKernels.INSTANCE.backwardInput(
                        shape, accumulate, dy, weight, dx, from, to)),
        dy,
        weight,
        dx);
  }

  /**
   * Gradient of a convolution with respect to the weight, on the shared pool.
   *
   * @see #backwardWeight(WorkerPool, Window, long, long, long, long, long, long, boolean,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void backwardWeight(
      Window window,
      long groups,
      long images,
      long channels,
      long height,
      long width,
      long filters,
      boolean accumulate,
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dWeight) {
    backwardWeight(
        WorkerPool.shared(),
        window,
        groups,
        images,
        channels,
        height,
        width,
        filters,
        accumulate,
        x,
        dy,
        dWeight);
  }

  /**
   * The gradient of {@link #forward} with respect to the weight: each output adds its gradient
   * times its inputs to the gradients of its weights. The sum of p products is formed in blocks of
   * 512, so its error is at most {@code (512 + p / 512 + 2)·u·Σ||}; in a depthwise convolution in
   * 16 partial sums for each image, and it is at most {@code (p / images / 16 + outputHeight +
   * images + 6)·u·Σ||}.
   *
   * @param window kernel sizes, strides, paddings and dilations
   * @param groups divides channels and filters
   * @param accumulate whether the gradient is added to what is there
   * @param x [images, channels, height, width]
   * @param dy [images, filters, outputHeight, outputWidth], the gradient with respect to y
   * @param dWeight [filters, channels / groups, kernelHeight, kernelWidth]
   */
  public static void backwardWeight(
      WorkerPool pool,
      Window window,
      long groups,
      long images,
      long channels,
      long height,
      long width,
      long filters,
      boolean accumulate,
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dWeight) {
    Objects.requireNonNull(pool, "pool");
    ConvolutionShape shape = shape(window, groups, images, channels, height, width, filters);
    long xSize = inputs(shape);
    long weightSize = weights(shape);
    long ySize = outputs(shape);
    Checks.input("x", x, xSize);
    Checks.input("dy", dy, ySize);
    Checks.output("dWeight", dWeight, weightSize);
    Checks.disjoint("dWeight", dWeight, weightSize, "x", x, xSize);
    Checks.disjoint("dWeight", dWeight, weightSize, "dy", dy, ySize);
    if (weightSize == 0) {
      return;
    }
    prepare(shape);
    double pixels = (double) images * shape.outputPlane();
    Dispatch.run(
        pool,
        shape.isDepthwise()
            ? RangeTask.overItems(
                channels,
                pixels * window.kernelHeight(),
                (from, to) ->
                    SimdDepthwiseKernels.INSTANCE.backwardWeight(
                        shape, accumulate, x, dy, dWeight, from, to))
            : RangeTask.overItems(
                    shape.weightItems(),
                    pixels * shape.itemWeights() / PRODUCTS,
                    (from, to) ->
                        SimdConvolutionKernels.INSTANCE.backwardWeight(
                            shape, accumulate, x, dy, dWeight, from, to))
                .oncePerThread(),
        x,
        dy,
        dWeight);
  }

  /**
   * Gradient of a convolution with respect to the bias, on the shared pool.
   *
   * @see #backwardBias(WorkerPool, long, long, long, boolean, MemorySegment, MemorySegment)
   */
  public static void backwardBias(
      long images,
      long filters,
      long outputPlane,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment dBias) {
    backwardBias(WorkerPool.shared(), images, filters, outputPlane, accumulate, dy, dBias);
  }

  /**
   * The gradient of {@link #forward} with respect to the bias: the sum of a filter's output
   * gradients. An image's are summed in 16 partial sums, and the images in f64, so the error is at
   * most {@code (outputPlane / 16 + 6)·u·Σ||}.
   *
   * @param outputPlane outputHeight · outputWidth
   * @param accumulate whether the gradient is added to what is there
   * @param dy [images, filters, outputPlane], the gradient with respect to y
   * @param dBias [filters]
   */
  public static void backwardBias(
      WorkerPool pool,
      long images,
      long filters,
      long outputPlane,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment dBias) {
    Objects.requireNonNull(pool, "pool");
    long ySize = Checks.elements("dy", images, filters, outputPlane);
    long work = Checks.elements("a filter of dy", images, outputPlane);
    long planes = work == 0 ? 0 : images; // of each filter
    Checks.input("dy", dy, ySize);
    Checks.output("dBias", dBias, filters);
    Checks.disjoint("dBias", dBias, filters, "dy", dy, ySize);
    Dispatch.run(
        pool,
        RangeTask.overRows(
            filters,
            work,
            (from, to) ->
                SimdConvolutionKernels.INSTANCE.backwardBias(
                    planes, filters, outputPlane, accumulate, dy, dBias, from, to)),
        dy,
        dBias);
  }

  private static void prepare(ConvolutionShape shape) {
    if (!shape.isDepthwise()) {
      double outputs = (double) shape.images() * shape.filters() * shape.outputPlane();
      Product.warmUp(outputs * shape.depth());
    }
  }

  private static ConvolutionShape shape(
      Window window,
      long groups,
      long images,
      long channels,
      long height,
      long width,
      long filters) {
    Objects.requireNonNull(window, "window");
    Checks.elements("x", images, channels, height, width);
    Checks.size("filters", filters);
    if (groups < 1 || channels % groups != 0 || filters % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide channels and filters but are %d of %d and %d"
              .formatted(groups, channels, filters));
    }
    window.requirePlane(height, width);
    long depth = Checks.elements("a filter", channels / groups, window.kernelSize());
    if (depth > MAX_DEPTH || filters / groups > MAX_FILTERS) {
      throw new IllegalArgumentException(
          "at most %d filters of %d elements are possible in a group but there are %d of %d"
              .formatted(MAX_FILTERS, MAX_DEPTH, filters / groups, depth));
    }
    ConvolutionShape shape =
        new ConvolutionShape(window, groups, images, channels, height, width, filters);
    Checks.elements("the batch's output", images, shape.outputHeight(), shape.outputWidth());
    return shape;
  }

  private static long inputs(ConvolutionShape shape) {
    return Checks.elements("x", shape.images(), shape.channels(), shape.height(), shape.width());
  }

  private static long weights(ConvolutionShape shape) {
    return Checks.elements("weight", shape.filters(), shape.depth());
  }

  private static long outputs(ConvolutionShape shape) {
    return Checks.elements(
        "y", shape.images(), shape.filters(), shape.outputHeight(), shape.outputWidth());
  }
}
