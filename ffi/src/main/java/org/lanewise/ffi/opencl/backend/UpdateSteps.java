package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.UpdateOp;

/** Optimizer steps on a device. */
final class UpdateSteps {
  private UpdateSteps() {}

  static Step bind(UpdateOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case UpdateOp.Sgd sgd -> sgd(sgd, in, out, launcher);
      case UpdateOp.RmsProp(var decay, var epsilon, var weightDecay) ->
          update("rms_prop", in, out, 2, launcher)
              .real((float) weightDecay)
              .real((float) decay)
              .real((float) (1 - decay))
              .real((float) epsilon)
              .overVectors(in.size(0));
      case UpdateOp.Adagrad(var epsilon, var weightDecay) ->
          update("adagrad", in, out, 2, launcher)
              .real((float) weightDecay)
              .real((float) epsilon)
              .overVectors(in.size(0));
      case UpdateOp.Adam(var beta1, var beta2, var epsilon, var weightDecay, var decoupled) ->
          update("adam", in, out, 3, launcher)
              .real((float) weightDecay)
              .flag(decoupled)
              .real((float) beta1)
              .real((float) (1 - beta1))
              .real((float) beta2)
              .real((float) (1 - beta2))
              .real((float) epsilon)
              .overVectors(in.size(0));
    };
  }

  private static Step sgd(UpdateOp.Sgd op, Operands in, Operands out, Launcher launcher) {
    float momentum = (float) op.momentum();
    float weightDecay = (float) op.weightDecay();
    if (momentum == 0) {
      return update("sgd", in, out, 1, launcher).real(weightDecay).overVectors(in.size(0));
    }
    return update("sgd_momentum", in, out, 2, launcher)
        .real(weightDecay)
        .real(momentum)
        .flag(op.nesterov())
        .overVectors(in.size(0));
  }

  /**
   * A kernel with the gradient, its scale, the scalars of the step, some outputs, and their size.
   */
  private static Launcher.Arguments update(
      String kernel, Operands in, Operands out, int outputs, Launcher launcher) {
    Launcher.Arguments arguments =
        launcher
            .kernel("optimizer.cl", kernel)
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(2));
    for (int i = 0; i < outputs; i++) {
      arguments.tensor(out.get(i));
    }
    return arguments.number(in.size(0));
  }
}
