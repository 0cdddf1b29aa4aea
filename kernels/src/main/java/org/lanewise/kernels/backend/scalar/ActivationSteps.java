package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.scalar.ScalarActivationKernels;

/** Activations with the scalar twins. */
final class ActivationSteps {
  private ActivationSteps() {}

  static Step bind(ActivationOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    return switch (op) {
      case ActivationOp.Activate(var function) ->
          () ->
              ScalarActivationKernels.INSTANCE.forward(
                  function, in.segment(0), out.segment(0), 0, in.size(0));
      case ActivationOp.ActivateBackward(var function) ->
          () ->
              ScalarActivationKernels.INSTANCE.backward(
                  function,
                  accumulate,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  0,
                  in.size(0));
    };
  }
}
