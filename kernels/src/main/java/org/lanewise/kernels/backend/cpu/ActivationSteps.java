package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.simd.activation.SimdActivationKernels;

/** Activations with the SIMD kernels. */
final class ActivationSteps {
  private ActivationSteps() {}

  static RangeTask bind(ActivationOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    long size = in.size(0);
    MemorySegment first = in.segment(0);
    MemorySegment result = out.segment(0);
    return switch (op) {
      case ActivationOp.Activate(var f) ->
          RangeTask.overElements(
              size,
              (from, to) -> SimdActivationKernels.INSTANCE.forward(f, first, result, from, to));
      case ActivationOp.ActivateBackward(var f) -> {
        MemorySegment dy = in.segment(1);
        yield RangeTask.overElements(
            size,
            (from, to) ->
                SimdActivationKernels.INSTANCE.backward(
                    f, accumulate, first, dy, result, from, to));
      }
    };
  }
}
