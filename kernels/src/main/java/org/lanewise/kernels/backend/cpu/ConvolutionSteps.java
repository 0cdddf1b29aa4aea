package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.convolution.SimdConvolutionKernels;
import org.lanewise.kernels.simd.convolution.SimdDepthwiseKernels;
import org.lanewise.kernels.simd.gemm.f32.Product;

/** Convolutions with the SIMD kernels. */
final class ConvolutionSteps {
  /** Multiply-adds of a matrix product that take as long as an element of other kernels. */
  private static final double PRODUCTS = 16;

  private ConvolutionSteps() {}

  static Step bind(ConvolutionOp op, Operands in, Operands out, WorkerPool pool) {
    boolean accumulate = out.adds(0);
    if (in.size(0) == 0 && out.size(0) == 0) {
      return () -> {};
    }
    return switch (op) {
      case ConvolutionOp.Convolution(var window, var groups, var hasBias) -> {
        ConvolutionShape shape = shape(window, groups, in, 0, in.dimension(1, 0));
        MemorySegment bias = hasBias ? in.segment(2) : null;
        yield step(shape, forward(shape, in.segment(0), in.segment(1), bias, out.segment(0)), pool);
      }
      case ConvolutionOp.ConvolutionInputGradient(var window, var groups, _, _) -> {
        ConvolutionShape shape = shape(window, groups, out, 0, in.dimension(1, 0));
        yield step(
            shape,
            inputGradient(shape, accumulate, in.segment(0), in.segment(1), out.segment(0)),
            pool);
      }
      case ConvolutionOp.ConvolutionWeightGradient(var window, var groups) -> {
        ConvolutionShape shape = shape(window, groups, in, 0, in.dimension(1, 1));
        yield step(
            shape,
            weightGradient(shape, accumulate, in.segment(0), in.segment(1), out.segment(0)),
            pool);
      }
      case ConvolutionOp.ConvolutionBiasGradient _ -> {
        MemorySegment dy = in.segment(0);
        MemorySegment sums = out.segment(0);
        long images = in.dimension(0, 0);
        long filters = in.dimension(0, 1);
        long plane = in.shape(0).size(2, 4);
        RangeTask task =
            RangeTask.overRows(
                filters,
                images * plane,
                (from, to) ->
                    SimdConvolutionKernels.INSTANCE.backwardBias(
                        images, filters, plane, accumulate, dy, sums, from, to));
        yield () -> task.run(pool);
      }
    };
  }

  private static Step step(ConvolutionShape shape, RangeTask task, WorkerPool pool) {
    double products =
        (double) shape.images() * shape.filters() * shape.outputPlane() * shape.depth();
    return () -> {
      if (!shape.isDepthwise()) {
        Product.warmUp(products);
      }
      task.run(pool);
    };
  }

  private static RangeTask forward(
      ConvolutionShape shape,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y) {
    return shape.isDepthwise()
        ? RangeTask.overRows(
            shape.images() * shape.channels(),
            shape.outputPlane() * shape.window().kernelHeight(),
            (from, to) ->
                SimdDepthwiseKernels.INSTANCE.forward(shape, x, weight, bias, y, from, to))
        : RangeTask.overItems(
            shape.images() * shape.outputPlane(),
            shape.depth() * (double) shape.filters() / PRODUCTS,
            (from, to) ->
                SimdConvolutionKernels.INSTANCE.forward(shape, x, weight, bias, y, from, to));
  }

  private static RangeTask inputGradient(
      ConvolutionShape shape,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment weight,
      MemorySegment dx) {
    long planes = shape.images() * shape.channels();
    Window window = shape.window();
    return shape.isDepthwise()
        ? RangeTask.overRows(
            planes,
            shape.outputPlane() * window.kernelHeight(),
            (from, to) ->
                SimdDepthwiseKernels.INSTANCE.backwardInput(
                    shape, accumulate, dy, weight, dx, from, to))
        : RangeTask.overItems(
            planes,
            (double) shape.outputPlane() * window.kernelSize() * shape.groupFilters() / PRODUCTS,
            (from, to) ->
                SimdConvolutionKernels.INSTANCE.backwardInput(
                    shape, accumulate, dy, weight, dx, from, to));
  }

  private static RangeTask weightGradient(
      ConvolutionShape shape,
      boolean accumulate,
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dWeight) {
    double pixels = (double) shape.images() * shape.outputPlane();
    return shape.isDepthwise()
        ? RangeTask.overItems(
            shape.channels(),
            pixels * shape.window().kernelHeight(),
            (from, to) ->
                SimdDepthwiseKernels.INSTANCE.backwardWeight(
                    shape, accumulate, x, dy, dWeight, from, to))
        : RangeTask.overItems(
            shape.groups() * shape.depth(),
            pixels * shape.groupFilters() / PRODUCTS,
            (from, to) ->
                SimdConvolutionKernels.INSTANCE.backwardWeight(
                    shape, accumulate, x, dy, dWeight, from, to));
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
