package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ActivationKernels;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Activations. */
record ActivationSteps(ActivationKernels activations) {
  PoolRunnable bind(ActivationOp op, Operands in, Operands out) {
    boolean adds = out.adds(0);
    long size = in.size(0);
    MemorySegment first = in.segment(0);
    MemorySegment result = out.segment(0);
    return switch (op) {
      case ActivationOp.Activate(var f) ->
          RangeTask.overElements(
              size, (from, to) -> activations.forward(f, first, result, from, to));
      case ActivationOp.ActivateBackward(var f) -> {
        MemorySegment dy = in.segment(1);
        yield RangeTask.overElements(
            size, (from, to) -> activations.backward(f, adds, first, dy, result, from, to));
      }
    };
  }
}
