package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.host.DropoutNumbers;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.simd.random.SimdDropoutKernels;

/** Dropout with the SIMD kernels. */
final class DropoutSteps {
  private DropoutSteps() {}

  static RangeTask bind(DropoutOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    return switch (op) {
      case DropoutOp.Dropout(var p, var stream) -> {
        DropoutNumbers numbers = new DropoutNumbers(in.segment(1), stream);
        RangeTask.Kernel kernel =
            accumulate
                ? (from, to) ->
                    SimdDropoutKernels.INSTANCE.addDropout(
                        numbers.seed(), numbers.streamOfStep(), p, x, y, from, to)
                : (from, to) ->
                    SimdDropoutKernels.INSTANCE.dropout(
                        numbers.seed(), numbers.streamOfStep(), p, x, y, from, to);
        yield RangeTask.overElements(in.size(0), kernel);
      }
    };
  }
}
