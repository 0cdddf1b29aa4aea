package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.host.PoolingShape;
import org.lanewise.kernels.op.PoolingOp;

/** Pooling on a device. */
final class PoolingSteps {
  private PoolingSteps() {}

  static Step bind(PoolingOp op, Operands in, Operands out, Launcher launcher) {
    long planes = in.shape(0).size(0, 2);
    return switch (op) {
      case PoolingOp.MaxPooling(var window) -> {
        Launcher.Arguments arguments =
            launcher
                .kernel("pooling.cl", "max_pool")
                .tensor(in.get(0))
                .tensor(out.get(0))
                .tensor(out.get(1));
        yield Windows.add(arguments, window, in.dimension(0, 2), in.dimension(0, 3))
            .number(planes)
            .over(out.dimension(0, 2), planes);
      }
      case PoolingOp.MaxPoolingBackward(var height, var width) ->
          launcher
              .kernel("pooling.cl", "max_pool_backward")
              .tensor(in.get(0))
              .tensor(in.get(1))
              .tensor(out.get(0))
              .number(planes)
              .integer(Math.toIntExact(height * width))
              .number(in.shape(0).size(2, 4))
              .flag(out.adds(0))
              .fault("index %d of output %d is not one of the %d elements of a plane")
              .over(planes);
      case PoolingOp.AveragePooling(var window, var countPadding) -> {
        PoolingShape shape = new PoolingShape(window, in.dimension(0, 2), in.dimension(0, 3));
        yield shape.isGlobal()
            ? launcher
                .kernel("pooling.cl", "average_planes")
                .tensor(in.get(0))
                .tensor(out.get(0))
                .number(planes)
                .number(shape.plane())
                .over(planes)
            : Windows.add(
                    launcher
                        .kernel("pooling.cl", "average_pool")
                        .tensor(in.get(0))
                        .tensor(out.get(0)),
                    window,
                    shape.height(),
                    shape.width())
                .number(planes)
                .flag(countPadding)
                .over(shape.outputHeight(), planes);
      }
      case PoolingOp.AveragePoolingBackward(
              var window,
              var countPadding,
              var height,
              var width) -> {
        Launcher.Arguments arguments =
            launcher
                .kernel("pooling.cl", "average_pool_backward")
                .tensor(in.get(0))
                .tensor(out.get(0));
        yield Windows.add(arguments, window, height, width)
            .number(planes)
            .flag(countPadding)
            .flag(out.adds(0))
            .over(height, planes, Math.min(window.strideWidth(), width));
      }
    };
  }
}
