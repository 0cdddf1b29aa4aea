package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.scalar.ScalarReductionKernels;

/** Reductions with the scalar twins. */
final class ReductionSteps {
  private ReductionSteps() {}

  static Step bind(ReductionOp op, Operands in, Operands out) {
    return switch (op) {
      case ReductionOp.ColumnSums(var accumulate) ->
          () ->
              ScalarReductionKernels.columnSums(
                  in.segment(0),
                  in.dimension(0, 0),
                  in.dimension(0, 1),
                  accumulate,
                  out.segment(0),
                  0,
                  in.dimension(0, 1));
    };
  }
}
