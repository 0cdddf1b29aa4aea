package org.lanewise.ffi.opencl.backend;

import java.util.Locale;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;

/** Activations on a device. */
final class ActivationSteps {
  private ActivationSteps() {}

  static Step bind(ActivationOp op, Operands in, Operands out, Launcher launcher) {
    long size = in.size(0);
    return switch (op) {
      case ActivationOp.Activate(var function) ->
          launcher
              .kernel("activation.cl", "activate", "FUNCTION=" + name(function))
              .tensor(in.get(0))
              .tensor(out.get(0))
              .number(size)
              .overVectors(size);
      case ActivationOp.ActivateBackward(var function) ->
          launcher
              .kernel(
                  "activation.cl", "activate_backward", "GRADIENT=" + name(function) + "_gradient")
              .tensor(in.get(0))
              .tensor(in.get(1))
              .tensor(out.get(0))
              .number(size)
              .flag(out.adds(0))
              .overVectors(size);
    };
  }

  private static String name(Activation function) {
    return "lw_" + function.name().toLowerCase(Locale.ROOT);
  }
}
