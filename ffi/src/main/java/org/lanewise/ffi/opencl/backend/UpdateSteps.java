package org.lanewise.ffi.opencl.backend;

import java.util.List;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.UpdateOp;

/** Optimizer steps on a device. */
final class UpdateSteps {
  private UpdateSteps() {}

  static Step bind(UpdateOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case UpdateOp.Sgd sgd -> sgd(sgd, in, out, launcher);
      case UpdateOp.RmsProp rmsProp -> rmsProp(rmsProp, in, out, launcher);
      case UpdateOp.Adagrad(var epsilon, var weightDecay) ->
          update("adagrad", in, out.operands(), launcher)
              .real((float) weightDecay)
              .real((float) epsilon)
              .overVectors(in.size(0));
      case UpdateOp.Adam adam -> adam(adam, in, out, launcher);
    };
  }

  private static Step sgd(UpdateOp.Sgd op, Operands in, Operands out, Launcher launcher) {
    float momentum = (float) op.momentum();
    float weightDecay = (float) op.weightDecay();
    if (momentum == 0) {
      return update("sgd", in, out.operands(), launcher).real(weightDecay).overVectors(in.size(0));
    }
    return update("sgd_momentum", in, out.operands(), launcher)
        .real(weightDecay)
        .real(momentum)
        .flag(op.nesterov())
        .overVectors(in.size(0));
  }

  private static Step rmsProp(UpdateOp.RmsProp op, Operands in, Operands out, Launcher launcher) {
    Operand moment2 = out.get(1);
    Operand mean = op.centered() ? out.get(2) : moment2;
    Operand velocity = op.momentum() == 0 ? moment2 : out.operands().getLast();
    return update("rms_prop", in, List.of(out.get(0), moment2, mean, velocity), launcher)
        .real((float) op.weightDecay())
        .real((float) op.decay())
        .real((float) (1 - op.decay()))
        .real((float) op.epsilon())
        .flag(op.centered())
        .real((float) op.momentum())
        .overVectors(in.size(0));
  }

  private static Step adam(UpdateOp.Adam op, Operands in, Operands out, Launcher launcher) {
    Operand moment2 = out.get(2);
    Operand maximum = op.amsGrad() ? out.get(3) : moment2;
    return update("adam", in, List.of(out.get(0), out.get(1), moment2, maximum), launcher)
        .real((float) op.weightDecay())
        .flag(op.decoupled())
        .flag(op.amsGrad())
        .real((float) op.beta1())
        .real((float) (1 - op.beta1()))
        .real((float) op.beta2())
        .real((float) (1 - op.beta2()))
        .real((float) op.epsilon())
        .overVectors(in.size(0));
  }

  /**
   * A kernel with the gradient, its scale, the scalars of the step, what it updates, and the size.
   *
   * @param updated in place of what the op has not, another tensor, which the kernel leaves alone
   */
  private static Launcher.Arguments update(
      String kernel, Operands in, List<Operand> updated, Launcher launcher) {
    Launcher.Arguments arguments = launcher.kernel("optimizer.cl", kernel);
    in.operands().forEach(arguments::tensor);
    updated.forEach(arguments::tensor);
    return arguments.number(in.size(0));
  }
}
