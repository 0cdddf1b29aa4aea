package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.simd.ReductionKernels;

/** Reductions with the SIMD kernels. */
final class ReductionSteps {
  private ReductionSteps() {}

  static RangeTask bind(ReductionOp op, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment sums = out.segment(0);
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    return switch (op) {
      case ReductionOp.ColumnSums(var accumulate) ->
          RangeTask.overColumns(
              rows,
              columns,
              (from, to) ->
                  ReductionKernels.columnSums(x, rows, columns, accumulate, sums, from, to));
    };
  }
}
