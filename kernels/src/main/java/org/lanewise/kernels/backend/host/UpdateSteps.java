package org.lanewise.kernels.backend.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.OptimizerKernels;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Optimizer steps. */
record UpdateSteps(OptimizerKernels optimizers) {
  PoolRunnable bind(UpdateOp op, Operands in, Operands out) {
    return RangeTask.overElements(in.size(0), kernel(op, in, out));
  }

  private RangeTask.Kernel kernel(UpdateOp op, Operands in, Operands out) {
    MemorySegment gradient = in.segment(0);
    MemorySegment scale = in.segment(1);
    MemorySegment scalars = in.segment(2);
    MemorySegment parameters = out.segment(0);
    return switch (op) {
      case UpdateOp.Sgd sgd -> {
        MemorySegment velocity = sgd.momentum() == 0 ? null : out.segment(1);
        yield (from, to) ->
            optimizers.sgd(
                sgd,
                gradient,
                scale.getAtIndex(JAVA_FLOAT, 0),
                scalars,
                parameters,
                velocity,
                from,
                to);
      }
      case UpdateOp.RmsProp rmsProp -> {
        MemorySegment moment2 = out.segment(1);
        MemorySegment mean = rmsProp.centered() ? out.segment(2) : null;
        MemorySegment velocity = rmsProp.momentum() == 0 ? null : out.segments().getLast();
        yield (from, to) ->
            optimizers.rmsProp(
                rmsProp,
                gradient,
                scale.getAtIndex(JAVA_FLOAT, 0),
                scalars,
                parameters,
                moment2,
                mean,
                velocity,
                from,
                to);
      }
      case UpdateOp.Adagrad(var epsilon, var weightDecay) -> {
        MemorySegment sum = out.segment(1);
        yield (from, to) ->
            optimizers.adagrad(
                epsilon,
                weightDecay,
                gradient,
                scale.getAtIndex(JAVA_FLOAT, 0),
                scalars,
                parameters,
                sum,
                from,
                to);
      }
      case UpdateOp.Adam adam -> {
        MemorySegment moment1 = out.segment(1);
        MemorySegment moment2 = out.segment(2);
        MemorySegment maximum = out.optional(3);
        yield (from, to) ->
            optimizers.adam(
                adam,
                gradient,
                scale.getAtIndex(JAVA_FLOAT, 0),
                scalars,
                parameters,
                moment1,
                moment2,
                maximum,
                from,
                to);
      }
    };
  }
}
