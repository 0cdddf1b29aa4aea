package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.host.PoolingShape;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.scalar.ScalarPoolingKernels;

/** Pooling with the scalar twins. */
final class PoolingSteps {
  private PoolingSteps() {}

  static Step bind(PoolingOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    long planes = in.shape(0).size(0, 2);
    return switch (op) {
      case PoolingOp.MaxPooling(var window) -> {
        PoolingShape shape = shape(window, in);
        yield () ->
            ScalarPoolingKernels.INSTANCE.max(
                shape, in.segment(0), out.segment(0), out.segment(1), 0, planes);
      }
      case PoolingOp.MaxPoolingBackward(var height, var width) ->
          () ->
              ScalarPoolingKernels.INSTANCE.maxBackward(
                  height * width,
                  in.shape(0).size(2, 4),
                  accumulate,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  0,
                  planes);
      case PoolingOp.AveragePooling(var window, var countPadding) -> {
        PoolingShape shape = shape(window, in);
        yield () ->
            ScalarPoolingKernels.INSTANCE.average(
                shape, countPadding, in.segment(0), out.segment(0), 0, planes);
      }
      case PoolingOp.AveragePoolingBackward(var window, var countPadding, _, _) -> {
        PoolingShape shape = shape(window, out);
        yield () ->
            ScalarPoolingKernels.INSTANCE.averageBackward(
                shape, countPadding, accumulate, in.segment(0), out.segment(0), 0, planes);
      }
    };
  }

  private static PoolingShape shape(Window window, Operands of) {
    return new PoolingShape(window, of.dimension(0, 2), of.dimension(0, 3));
  }
}
