package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.scalar.ScalarOptimizerKernels;

/** Optimizer steps with the scalar twins. */
final class UpdateSteps {
  private UpdateSteps() {}

  static Step bind(UpdateOp op, Operands in, Operands out) {
    return switch (op) {
      case UpdateOp.Sgd sgd ->
          () ->
              ScalarOptimizerKernels.INSTANCE.sgd(
                  sgd,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  sgd.momentum() == 0 ? null : out.segment(1),
                  0,
                  in.size(0));
      case UpdateOp.RmsProp rmsProp ->
          () ->
              ScalarOptimizerKernels.INSTANCE.rmsProp(
                  rmsProp,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  out.segment(1),
                  0,
                  in.size(0));
      case UpdateOp.Adagrad(var epsilon, var weightDecay) ->
          () ->
              ScalarOptimizerKernels.INSTANCE.adagrad(
                  epsilon,
                  weightDecay,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  out.segment(1),
                  0,
                  in.size(0));
      case UpdateOp.Adam adam ->
          () ->
              ScalarOptimizerKernels.INSTANCE.adam(
                  adam,
                  in.segment(0),
                  in.segment(1),
                  out.segment(0),
                  out.segment(1),
                  out.segment(2),
                  0,
                  in.size(0));
    };
  }
}
