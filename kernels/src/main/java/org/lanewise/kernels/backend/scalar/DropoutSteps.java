package org.lanewise.kernels.backend.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.DropoutNumbers;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.scalar.ScalarDropoutKernels;

/** Dropout with the scalar twins. */
final class DropoutSteps {
  private DropoutSteps() {}

  static Step bind(DropoutOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    long size = in.size(0);
    return switch (op) {
      case DropoutOp.Dropout(var p, var stream) -> {
        DropoutNumbers numbers = new DropoutNumbers(in.segment(1), stream);
        yield accumulate
            ? () ->
                ScalarDropoutKernels.INSTANCE.addDropout(
                    numbers.seed(), numbers.streamOfStep(), p, x, y, 0, size)
            : () ->
                ScalarDropoutKernels.INSTANCE.dropout(
                    numbers.seed(), numbers.streamOfStep(), p, x, y, 0, size);
      }
    };
  }
}
