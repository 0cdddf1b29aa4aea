package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.DropoutKernels;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Dropout. */
record DropoutSteps(DropoutKernels dropout) {
  PoolRunnable bind(DropoutOp op, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    return switch (op) {
      case DropoutOp.Dropout(var p, var stream) -> {
        DropoutNumbers numbers = new DropoutNumbers(in.segment(1), stream);
        RangeTask.Kernel kernel =
            out.adds(0)
                ? (from, to) ->
                    dropout.addDropout(numbers.seed(), numbers.streamOfStep(), p, x, y, from, to)
                : (from, to) ->
                    dropout.dropout(numbers.seed(), numbers.streamOfStep(), p, x, y, from, to);
        yield RangeTask.overElements(in.size(0), kernel);
      }
    };
  }
}
