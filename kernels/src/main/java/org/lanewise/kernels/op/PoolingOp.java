package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;

/** The largest or the mean element of windows of [images, channels, height, width]. */
public sealed interface PoolingOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends PoolingOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends PoolingOp, Op.Backward {}

  /**
   * The largest element of each window; NaN if there is one.
   *
   * <p>Input: x. Outputs: y [images, channels, outputHeight, outputWidth], and where in its plane
   * each element was, i32 like y, which the backward op needs.
   */
  record MaxPooling(Window window) implements Forward {
    /** Checks that there is a window. */
    public MaxPooling {
      Objects.requireNonNull(window, "window");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType y = y(window, in.count(1));
      return List.of(y, new TensorType(DType.I32, y.shape()));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y").writes("indices");
    }

    @Override
    public long flops(Inputs in) {
      return outputs(in).getFirst().shape().size() * window.kernelSize();
    }
  }

  /**
   * Adds each gradient to the element that was the largest. Inputs: dy, indices. Output: dx.
   *
   * @param height of x, which dy does not tell, and its {@code width}
   */
  record MaxPoolingBackward(long height, long width) implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape dy = in.count(2).images(0, "dy");
      in.type(1, "indices", new TensorType(DType.I32, dy));
      return List.of(TensorType.f32(dy.dimension(0), dy.dimension(1), height, width));
    }

    @Override
    public Effects effects() {
      return Effects.reads("dy", "indices").adds("dx");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0);
    }
  }

  /**
   * The mean of each window. Input: x. Output: y.
   *
   * @param window without dilation
   * @param countPadding whether padding counts as zeros, or not at all
   */
  record AveragePooling(Window window, boolean countPadding) implements Forward {
    /** Checks the window. */
    public AveragePooling {
      checkAverage(window);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(y(window, in.count(1)));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y");
    }

    @Override
    public long flops(Inputs in) {
      return outputs(in).getFirst().shape().size() * window.kernelSize();
    }
  }

  /** Shares each gradient out over its window. Input: dy. Output: dx. */
  record AveragePoolingBackward(Window window, boolean countPadding, long height, long width)
      implements Backward {
    /** Checks the window. */
    public AveragePoolingBackward {
      checkAverage(window);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape dy = in.count(1).images(0, "dy");
      Shape x = Shape.of(dy.dimension(0), dy.dimension(1), height, width);
      Shape plane = in.windows(window, x);
      in.type(
          0,
          "dy",
          TensorType.f32(dy.dimension(0), dy.dimension(1), plane.dimension(0), plane.dimension(1)));
      return List.of(TensorType.f32(x));
    }

    @Override
    public Effects effects() {
      return Effects.reads("dy").adds("dx");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0) * window.kernelSize();
    }
  }

  private static TensorType y(Window window, Inputs in) {
    Shape x = in.images(0, "x");
    Shape plane = in.windows(window, x);
    return TensorType.f32(x.dimension(0), x.dimension(1), plane.dimension(0), plane.dimension(1));
  }

  private static void checkAverage(Window window) {
    Objects.requireNonNull(window, "window");
    if (window.dilationHeight() > 1 || window.dilationWidth() > 1) {
      throw new IllegalArgumentException("a mean has no dilation but the window is " + window);
    }
  }
}
