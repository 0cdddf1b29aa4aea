package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.host.PoolingShape;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.convolution.SimdPoolingKernels;

/**
 * Poolings of planes, such as those of all images and channels, and their gradients.
 *
 * <p>With padding, a plane has less than 2^30 elements; padding is at most half the kernel. Besides
 * {@link IllegalArgumentException} for a window that is not so or does not fit, exceptions and
 * requirements are those common to all kernels, of {@link org.lanewise.kernels}.
 */
public final class Pooling {
  private Pooling() {}

  /**
   * Max pooling, on the shared pool.
   *
   * @see #max(WorkerPool, Window, long, long, long, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void max(
      Window window,
      long planes,
      long height,
      long width,
      MemorySegment x,
      MemorySegment y,
      MemorySegment indices) {
    max(WorkerPool.shared(), window, planes, height, width, x, y, indices);
  }

  /**
   * {@code y = max x} over each window, and where that is. Of equal elements it is the first one in
   * the order of rows and columns; if there are NaNs, it is the last of these. Padding is never the
   * largest; a dilated window which is all padding gives −∞ and the index −1.
   *
   * @param window kernel sizes, strides, paddings and dilations
   * @param planes images · channels
   * @param x [planes, height, width]
   * @param y [planes, outputHeight, outputWidth]
   * @param indices i32 [planes, outputHeight, outputWidth], written for {@link #maxBackward}:
   *     {@code row · width + column} in the plane
   */
  public static void max(
      WorkerPool pool,
      Window window,
      long planes,
      long height,
      long width,
      MemorySegment x,
      MemorySegment y,
      MemorySegment indices) {
    Objects.requireNonNull(pool, "pool");
    PoolingShape shape = shape(window, height, width);
    long xSize = Checks.elements("x", planes, height, width);
    long ySize = Checks.elements("y", planes, shape.outputHeight(), shape.outputWidth());
    Checks.input("x", x, xSize);
    Checks.output("y", y, ySize);
    Checks.output("indices", indices, ySize);
    Checks.disjoint("y", y, ySize, "x", x, xSize);
    Checks.disjoint("indices", indices, ySize, "x", x, xSize);
    Checks.disjoint("indices", indices, ySize, "y", y, ySize);
    Dispatch.run(
        pool,
        RangeTask.overItems(
            ySize == 0 ? 0 : planes,
            shape.plane(),
            (from, to) -> SimdPoolingKernels.INSTANCE.max(shape, x, y, indices, from, to)),
        x,
        y,
        indices);
  }

  /**
   * Gradient of max pooling, on the shared pool.
   *
   * @see #maxBackward(WorkerPool, long, long, long, boolean, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void maxBackward(
      long planes,
      long plane,
      long outputPlane,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment indices,
      MemorySegment dx) {
    maxBackward(WorkerPool.shared(), planes, plane, outputPlane, accumulate, dy, indices, dx);
  }

  /**
   * The gradient of {@link #max}: each output's is added to that of the element it was. An element
   * that k windows share has an error of at most {@code k·2⁻²⁴·Σ|dy|}.
   *
   * @param planes images · channels
   * @param plane height · width
   * @param outputPlane outputHeight · outputWidth
   * @param accumulate whether the gradient is added to what is there
   * @param dy [planes, outputPlane], the gradient with respect to y
   * @param indices i32 [planes, outputPlane], from {@link #max}
   * @param dx [planes, plane]
   * @throws IndexOutOfBoundsException if an index is not in −1..plane−1; part of dx may be written
   */
  public static void maxBackward(
      WorkerPool pool,
      long planes,
      long plane,
      long outputPlane,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment indices,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    long xSize = Checks.elements("planes", planes, "plane", plane);
    long ySize = Checks.elements("planes", planes, "outputPlane", outputPlane);
    Checks.input("dy", dy, ySize);
    Checks.input("indices", indices, ySize);
    Checks.output("dx", dx, xSize);
    Checks.disjoint("dx", dx, xSize, "dy", dy, ySize);
    Checks.disjoint("dx", dx, xSize, "indices", indices, ySize);
    Dispatch.run(
        pool,
        RangeTask.overItems(
            xSize == 0 ? 0 : planes,
            Math.max(plane, outputPlane),
            (from, to) ->
                SimdPoolingKernels.INSTANCE.maxBackward(
                    plane, outputPlane, accumulate, dy, indices, dx, from, to)),
        dy,
        indices,
        dx);
  }

  /**
   * Average pooling, on the shared pool.
   *
   * @see #average(WorkerPool, Window, boolean, long, long, long, MemorySegment, MemorySegment)
   */
  public static void average(
      Window window,
      boolean countPadding,
      long planes,
      long height,
      long width,
      MemorySegment x,
      MemorySegment y) {
    average(WorkerPool.shared(), window, countPadding, planes, height, width, x, y);
  }

  /**
   * {@code y = Σ x / count} over each window of {@code count} elements. The sum is formed in order,
   * or if the window is the plane (global average pooling), in 16 partial sums; so the error is at
   * most {@code (count + 1)·u·Σ|x| / count}, or {@code (count / 16 + 6)·u·Σ|x| / count}, with
   * {@code u = 2⁻²⁴}.
   *
   * @param window kernel sizes, strides and paddings; no dilations
   * @param countPadding whether padding counts as elements (of 0) of a window, as is the default in
   *     PyTorch
   * @param planes images · channels
   * @param x [planes, height, width]
   * @param y [planes, outputHeight, outputWidth]
   */
  public static void average(
      WorkerPool pool,
      Window window,
      boolean countPadding,
      long planes,
      long height,
      long width,
      MemorySegment x,
      MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    PoolingShape shape = averageShape(window, height, width);
    long xSize = Checks.elements("x", planes, height, width);
    long ySize = Checks.elements("y", planes, shape.outputHeight(), shape.outputWidth());
    Checks.input("x", x, xSize);
    Checks.output("y", y, ySize);
    Checks.disjoint("y", y, ySize, "x", x, xSize);
    Dispatch.run(
        pool,
        RangeTask.overItems(
            ySize == 0 ? 0 : planes,
            shape.plane(),
            (from, to) -> SimdPoolingKernels.INSTANCE.average(shape, countPadding, x, y, from, to)),
        x,
        y);
  }

  /**
   * Gradient of average pooling, on the shared pool.
   *
   * @see #averageBackward(WorkerPool, Window, boolean, long, long, long, boolean, MemorySegment,
   *     MemorySegment)
   */
  public static void averageBackward(
      Window window,
      boolean countPadding,
      long planes,
      long height,
      long width,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment dx) {
    averageBackward(
        WorkerPool.shared(), window, countPadding, planes, height, width, accumulate, dy, dx);
  }

  /**
   * The gradient of {@link #average}: each output's, divided by the count of its window, is added
   * to that of each of its elements. An element that k windows share has an error of at most {@code
   * (k + 1)·2⁻²⁴·Σ|dy| / count}.
   *
   * @param window kernel sizes, strides and paddings; no dilations
   * @param countPadding whether padding counts as elements (of 0) of a window, as is the default in
   *     PyTorch
   * @param planes images · channels
   * @param accumulate whether the gradient is added to what is there
   * @param dy [planes, outputHeight, outputWidth], the gradient with respect to y
   * @param dx [planes, height, width]
   */
  public static void averageBackward(
      WorkerPool pool,
      Window window,
      boolean countPadding,
      long planes,
      long height,
      long width,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    PoolingShape shape = averageShape(window, height, width);
    long xSize = Checks.elements("dx", planes, height, width);
    long ySize = Checks.elements("dy", planes, shape.outputHeight(), shape.outputWidth());
    Checks.input("dy", dy, ySize);
    Checks.output("dx", dx, xSize);
    Checks.disjoint("dx", dx, xSize, "dy", dy, ySize);
    Dispatch.run(
        pool,
        RangeTask.overItems(
            xSize == 0 ? 0 : planes,
            shape.plane(),
            (from, to) ->
                SimdPoolingKernels.INSTANCE.averageBackward(
                    shape, countPadding, accumulate, dy, dx, from, to)),
        dy,
        dx);
  }

  private static PoolingShape averageShape(Window window, long height, long width) {
    PoolingShape shape = shape(window, height, width);
    if (window.dilationHeight() > 1 || window.dilationWidth() > 1) {
      throw new IllegalArgumentException(
          "a window to average over must have no dilation but is %s".formatted(window));
    }
    return shape;
  }

  private static PoolingShape shape(Window window, long height, long width) {
    Objects.requireNonNull(window, "window");
    Checks.size("height", height);
    Checks.size("width", width);
    if (window.paddingHeight() > window.kernelHeight() / 2
        || window.paddingWidth() > window.kernelWidth() / 2) {
      throw new IllegalArgumentException(
          "padding must be at most half the kernel but the window is %s".formatted(window));
    }
    window.requirePlane(height, width);
    return new PoolingShape(window, height, width);
  }
}
