package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;

/**
 * Two-dimensional convolution, as deep learning calls cross-correlation, its transpose, and their
 * gradients. Images are [images, channels, height, width]; a group of channels has filters of its
 * own.
 */
public sealed interface ConvolutionOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends ConvolutionOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends ConvolutionOp, Op.Backward {}

  /** Kernel, stride, padding and dilation. */
  Window window();

  /** Groups of channels and of filters. */
  long groups();

  /**
   * Inputs: x [images, channels, height, width], weight [filters, channels / groups, kernelHeight,
   * kernelWidth], and if the epilogue has one the bias [filters]. Output: y [images, filters,
   * outputHeight, outputWidth].
   *
   * @param epilogue in which each filter has a row; of which the gradient is known if that of its
   *     function comes from y
   */
  record Convolution(Window window, long groups, Epilogue epilogue)
      implements Forward, Op.WithEpilogue {
    /**
     * A convolution.
     *
     * @throws IllegalArgumentException if there are no groups, or the epilogue has a bias for each
     *     column, a residual, or clamps
     */
    public Convolution {
      check(window, groups);
      if (epilogue.bias() == Epilogue.Bias.COLUMN
          || epilogue.residual()
          || epilogue.function() == Epilogue.Function.CLAMP) {
        throw new IllegalArgumentException(
            "a convolution has no bias for each column, no residual and no bounds but is given "
                + epilogue);
      }
    }

    @Override
    public Convolution withEpilogue(Epilogue epilogue) {
      return new Convolution(window, groups, epilogue);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape x = in.count(epilogue.hasBias() ? 3 : 2).images(0, "x");
      Shape weight = in.images(1, "weight");
      if (epilogue.hasBias()) {
        in.type(2, "bias", TensorType.f32(weight.dimension(0)));
      }
      in.type(1, "weight", weight(this, weight.dimension(0), x));
      return List.of(y(this, in, x, weight.dimension(0)));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "weight").readsIf(epilogue.hasBias(), "bias").writes("y");
    }

    @Override
    public long flops(Inputs in) {
      return products(in, outputs(in).getFirst().shape().size());
    }
  }

  /**
   * What makes images of the size that a convolution reads from images of the size that it writes:
   * each element of x is multiplied with a filter, and added where a window of the convolution is.
   * So it is the gradient of a convolution's x, and a layer that makes images larger (Dumoulin and
   * Visin, arXiv 1603.07285). Its own gradients are the convolution and the gradient of its
   * filters.
   *
   * <p>Inputs: x [images, filters, outputHeight, outputWidth], weight [filters, channels / groups,
   * kernelHeight, kernelWidth]. Output: y [images, channels, height, width].
   *
   * @param height of y, which x does not tell, and its {@code width}
   */
  record TransposedConvolution(Window window, long groups, long height, long width)
      implements Forward {
    /** Checks the number of groups. */
    public TransposedConvolution {
      check(window, groups);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape x = in.count(2).images(0, "x");
      Shape weight = in.images(1, "weight");
      Shape y = Shape.of(x.dimension(0), weight.dimension(1) * groups, height, width);
      in.type(1, "weight", weight(this, x.dimension(1), y));
      in.type(0, "x", y(this, in, y, x.dimension(1)));
      return List.of(TensorType.f32(y));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "weight").adds("y");
    }

    @Override
    public long flops(Inputs in) {
      return products(in, in.size(0));
    }
  }

  /** The gradient of the filters. */
  record ConvolutionWeightGradient(Window window, long groups) implements Backward {
    /** Checks the number of groups. */
    public ConvolutionWeightGradient {
      check(window, groups);
    }

    /** Inputs: x, dy. Output: dweight. */
    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape x = in.count(2).images(0, "x");
      Shape dy = in.images(1, "dy");
      in.type(1, "dy", y(this, in, x, dy.dimension(1)));
      return List.of(weight(this, dy.dimension(1), x));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "dy").adds("dweight");
    }

    @Override
    public long flops(Inputs in) {
      long depth = in.shape(0).dimension(1) / groups * window.kernelSize();
      return 2 * depth * in.size(1);
    }
  }

  /** The sums over images and pixels. Input: dy. Output: [filters]. */
  record ConvolutionBiasGradient() implements Backward {
    @Override
    public Window window() {
      return Window.of(1);
    }

    @Override
    public long groups() {
      return 1;
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(TensorType.f32(in.count(1).images(0, "dy").dimension(1)));
    }

    @Override
    public Effects effects() {
      return Effects.reads("dy").adds("dbias");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0);
    }
  }

  private static void check(Window window, long groups) {
    Objects.requireNonNull(window, "window");
    Ranges.atLeast("groups", 1, groups);
  }

  private static TensorType weight(ConvolutionOp op, long filters, Shape x) {
    if (x.dimension(1) % op.groups() != 0 || filters % op.groups() != 0) {
      throw new ShapeException(
          "%s: %d groups do not divide the %d channels of images %s and the %d filters"
              .formatted(op.name(), op.groups(), x.dimension(1), x, filters));
    }
    Window window = op.window();
    return TensorType.f32(
        filters, x.dimension(1) / op.groups(), window.kernelHeight(), window.kernelWidth());
  }

  private static TensorType y(ConvolutionOp op, Inputs in, Shape x, long filters) {
    Shape plane = in.windows(op.window(), x);
    return TensorType.f32(x.dimension(0), filters, plane.dimension(0), plane.dimension(1));
  }

  /** Operations of products with the second operand, a weight. */
  private static long products(Inputs in, long outputs) {
    Shape weight = in.shape(1);
    return 2 * outputs * weight.size(1, weight.rank());
  }
}
