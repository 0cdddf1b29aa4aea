package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ConvolutionKernels;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.host.DepthwiseKernels;
import org.lanewise.kernels.host.ProductKernels;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Convolutions. */
record ConvolutionSteps(
    ConvolutionKernels convolutions, DepthwiseKernels depthwise, ProductKernels products) {
  /** Multiply-adds of a matrix product that take as long as an element of other kernels. */
  private static final double PRODUCTS = 16;

  PoolRunnable bind(ConvolutionOp op, Operands in, Operands out) {
    return switch (op) {
      case ConvolutionOp.Convolution(var window, var groups, var epilogue) -> {
        ConvolutionShape shape = shape(window, groups, in, 0, in.dimension(1, 0));
        MemorySegment bias = epilogue.hasBias() ? in.segment(2) : null;
        yield warmedUp(
            shape, forward(shape, epilogue, in.segment(0), in.segment(1), bias, out.segment(0)));
      }
      case ConvolutionOp.TransposedConvolution(var window, var groups, _, _) -> {
        ConvolutionShape shape = shape(window, groups, out, 0, in.dimension(1, 0));
        yield warmedUp(
            shape, transposed(shape, out.adds(0), in.segment(0), in.segment(1), out.segment(0)));
      }
      case ConvolutionOp.ConvolutionWeightGradient(var window, var groups) -> {
        ConvolutionShape shape = shape(window, groups, in, 0, in.dimension(1, 1));
        yield warmedUp(
            shape,
            weightGradient(shape, out.adds(0), in.segment(0), in.segment(1), out.segment(0)));
      }
      case ConvolutionOp.ConvolutionBiasGradient _ -> biasGradient(in, out);
    };
  }

  /** Convolutions other than depthwise ones are made of matrix products. */
  private PoolRunnable warmedUp(ConvolutionShape shape, RangeTask task) {
    if (shape.isDepthwise()) {
      return task;
    }
    double multiplyAdds =
        (double) shape.images() * shape.filters() * shape.outputPlane() * shape.depth();
    return pool -> {
      products.warmUp(multiplyAdds);
      task.run(pool);
    };
  }

  private RangeTask forward(
      ConvolutionShape shape,
      Epilogue epilogue,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y) {
    return shape.isDepthwise()
        ? RangeTask.overRows(
            shape.images() * shape.channels(),
            shape.outputPlane() * shape.window().kernelHeight(),
            (from, to) -> depthwise.forward(shape, epilogue, x, weight, bias, y, from, to))
        : RangeTask.overItems(
            shape.images() * shape.outputPlane(),
            shape.depth() * (double) shape.filters() / PRODUCTS,
            (from, to) -> convolutions.forward(shape, epilogue, x, weight, bias, y, from, to));
  }

  private RangeTask transposed(
      ConvolutionShape shape,
      boolean adds,
      MemorySegment dy,
      MemorySegment weight,
      MemorySegment dx) {
    long planes = shape.images() * shape.channels();
    Window window = shape.window();
    return shape.isDepthwise()
        ? RangeTask.overRows(
            planes,
            shape.outputPlane() * window.kernelHeight(),
            (from, to) -> depthwise.backwardInput(shape, adds, dy, weight, dx, from, to))
        : RangeTask.overItems(
            planes,
            (double) shape.outputPlane() * window.kernelSize() * shape.groupFilters() / PRODUCTS,
            (from, to) -> convolutions.backwardInput(shape, adds, dy, weight, dx, from, to));
  }

  private RangeTask weightGradient(
      ConvolutionShape shape,
      boolean adds,
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dWeight) {
    double pixels = (double) shape.images() * shape.outputPlane();
    return shape.isDepthwise()
        ? RangeTask.overItems(
            shape.channels(),
            pixels * shape.window().kernelHeight(),
            (from, to) -> depthwise.backwardWeight(shape, adds, x, dy, dWeight, from, to))
        : RangeTask.overItems(
                shape.weightItems(),
                pixels * shape.itemWeights() / PRODUCTS,
                (from, to) -> convolutions.backwardWeight(shape, adds, x, dy, dWeight, from, to))
            .oncePerThread();
  }

  private RangeTask biasGradient(Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment dy = in.segment(0);
    MemorySegment dBias = out.segment(0);
    long images = in.dimension(0, 0);
    long filters = in.dimension(0, 1);
    long plane = in.shape(0).size(2, 4);
    return RangeTask.overRows(
        filters,
        images * plane,
        (from, to) -> convolutions.backwardBias(images, filters, plane, adds, dy, dBias, from, to));
  }

  private static ConvolutionShape shape(
      Window window, long groups, Operands of, int x, long filters) {
    return new ConvolutionShape(
        window,
        groups,
        of.dimension(x, 0),
        of.dimension(x, 1),
        of.dimension(x, 2),
        of.dimension(x, 3),
        filters);
  }
}
