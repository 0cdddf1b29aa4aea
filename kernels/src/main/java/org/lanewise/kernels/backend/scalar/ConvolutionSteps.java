package org.lanewise.kernels.backend.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.scalar.ScalarConvolutionKernels;
import org.lanewise.kernels.scalar.ScalarDepthwiseKernels;

/** Convolutions with the scalar twins. */
final class ConvolutionSteps {
  private ConvolutionSteps() {}

  static Step bind(ConvolutionOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    return switch (op) {
      case ConvolutionOp.Convolution(var window, var groups, var hasBias) -> {
        ConvolutionShape shape = shape(window, groups, in, 0, in.dimension(1, 0));
        MemorySegment bias = hasBias ? in.segment(2) : null;
        yield () ->
            ScalarConvolutionKernels.INSTANCE.forward(
                shape,
                in.segment(0),
                in.segment(1),
                bias,
                out.segment(0),
                0,
                shape.images() * shape.outputPlane());
      }
      case ConvolutionOp.ConvolutionInputGradient(var window, var groups, _, _) -> {
        ConvolutionShape shape = shape(window, groups, out, 0, in.dimension(1, 0));
        yield () ->
            ScalarConvolutionKernels.INSTANCE.backwardInput(
                shape,
                accumulate,
                in.segment(0),
                in.segment(1),
                out.segment(0),
                0,
                shape.images() * shape.channels());
      }
      case ConvolutionOp.ConvolutionWeightGradient(var window, var groups) -> {
        ConvolutionShape shape = shape(window, groups, in, 0, in.dimension(1, 1));
        yield () -> weightGradient(shape, accumulate, in, out);
      }
      case ConvolutionOp.ConvolutionBiasGradient _ ->
          () ->
              ScalarConvolutionKernels.INSTANCE.backwardBias(
                  in.dimension(0, 0),
                  in.dimension(0, 1),
                  in.shape(0).size(2, 4),
                  accumulate,
                  in.segment(0),
                  out.segment(0),
                  0,
                  in.dimension(0, 1));
    };
  }

  private static void weightGradient(
      ConvolutionShape shape, boolean accumulate, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment dy = in.segment(1);
    MemorySegment dWeight = out.segment(0);
    if (shape.isDepthwise()) {
      ScalarDepthwiseKernels.INSTANCE.backwardWeight(
          shape, accumulate, x, dy, dWeight, 0, shape.filters());
    } else {
      ScalarConvolutionKernels.INSTANCE.backwardWeight(
          shape, accumulate, x, dy, dWeight, 0, shape.groups() * shape.depth());
    }
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
