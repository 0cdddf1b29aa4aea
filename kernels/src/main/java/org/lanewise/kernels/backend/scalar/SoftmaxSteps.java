package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.scalar.ScalarAxisSoftmaxKernels;
import org.lanewise.kernels.scalar.ScalarMaskedSoftmaxKernels;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;

/** Softmax with the scalar twins. */
final class SoftmaxSteps {
  private SoftmaxSteps() {}

  static Step bind(SoftmaxOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    Shape shape = in.shape(0);
    return switch (op) {
      case SoftmaxOp.Softmax(var axis) -> softmax(shape.axis(axis), in, out);
      case SoftmaxOp.SoftmaxBackward(var axis) ->
          softmaxBackward(shape.axis(axis), accumulate, in, out);
      case SoftmaxOp.CausalSoftmax _ -> {
        int last = shape.rank() - 1;
        yield () ->
            ScalarMaskedSoftmaxKernels.INSTANCE.causal(
                in.segment(0),
                out.segment(0),
                shape.dimension(last - 1),
                shape.dimension(last),
                0,
                shape.size(0, last));
      }
      case SoftmaxOp.LogSoftmax(var axis) ->
          () ->
              ScalarSoftmaxKernels.INSTANCE.logSoftmax(
                  in.segment(0),
                  out.segment(0),
                  shape.dimension(shape.axis(axis)),
                  0,
                  shape.size(0, shape.axis(axis)));
      case SoftmaxOp.LogSoftmaxBackward(var axis) ->
          () ->
              ScalarSoftmaxKernels.INSTANCE.logSoftmaxBackward(
                  accumulate,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  shape.dimension(shape.axis(axis)),
                  0,
                  shape.size(0, shape.axis(axis)));
    };
  }

  private static Step softmax(int axis, Operands in, Operands out) {
    Shape shape = in.shape(0);
    long length = shape.dimension(axis);
    long outer = shape.size(0, axis);
    long inner = shape.size(axis + 1, shape.rank());
    return inner == 1
        ? () ->
            ScalarSoftmaxKernels.INSTANCE.softmax(in.segment(0), out.segment(0), length, 0, outer)
        : () ->
            ScalarAxisSoftmaxKernels.INSTANCE.softmax(
                in.segment(0), out.segment(0), length, inner, 0, outer * inner);
  }

  private static Step softmaxBackward(int axis, boolean accumulate, Operands in, Operands out) {
    Shape shape = in.shape(0);
    long length = shape.dimension(axis);
    long outer = shape.size(0, axis);
    long inner = shape.size(axis + 1, shape.rank());
    return inner == 1
        ? () ->
            ScalarSoftmaxKernels.INSTANCE.softmaxBackward(
                accumulate, in.segment(0), in.segment(1), out.segment(0), length, 0, outer)
        : () ->
            ScalarAxisSoftmaxKernels.INSTANCE.softmaxBackward(
                accumulate,
                in.segment(0),
                in.segment(1),
                out.segment(0),
                length,
                inner,
                0,
                outer * inner);
  }
}
