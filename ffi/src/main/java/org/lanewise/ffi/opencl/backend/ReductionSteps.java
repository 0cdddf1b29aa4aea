package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Broadcasting;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;

/** Sums, means and repetitions on a device. */
final class ReductionSteps {
  /** Elements that are summed in f32, before their sums are in f64. */
  static final long SUM_BLOCK = 4096;

  private final Operand x;
  private final Operand result;
  private final boolean accumulate;
  private final Launcher launcher;

  private ReductionSteps(Operand x, Operand result, boolean accumulate, Launcher launcher) {
    this.x = x;
    this.result = result;
    this.accumulate = accumulate;
    this.launcher = launcher;
  }

  static Step bind(ReductionOp op, Operands in, Operands out, Launcher launcher) {
    ReductionSteps steps = new ReductionSteps(in.get(0), out.get(0), out.adds(0), launcher);
    Shape x = in.shape(0);
    return switch (op) {
      case ReductionOp.ColumnSums _ -> steps.columnSums(x.dimension(0), x.dimension(1), 1f);
      case ReductionOp.Sum(var shape) -> steps.sum(Broadcasting.ofSums(x, shape).orElseThrow(), 1);
      case ReductionOp.Mean(var shape) ->
          steps.sum(Broadcasting.ofSums(x, shape).orElseThrow(), x.size() / shape.size());
      case ReductionOp.Expand(var shape, var alpha) ->
          steps.expand(Broadcasting.of(shape, x).orElseThrow(), alpha);
    };
  }

  /** A sum divided by the number of its elements, or by 1. */
  private Step sum(Broadcasting repetition, long divisor) {
    long rows = repetition.rows();
    long columns = repetition.columns();
    float factor = 1f / divisor;
    return switch (repetition.broadcast()) {
      case NONE -> expand(repetition, 1f);
      case SCALAR -> total(columns, divisor);
      case ROW -> columnSums(rows, columns, factor);
      case COLUMN ->
          launcher
              .kernel("sums.cl", "row_sums")
              .tensor(x)
              .tensor(result)
              .number(rows)
              .number(columns)
              .real(factor)
              .flag(accumulate)
              .over(rows);
    };
  }

  private Step total(long size, long divisor) {
    long blocks = Math.ceilDiv(size, SUM_BLOCK);
    Operand sums = launcher.scratch(Math.max(blocks, 1));
    Step sumBlocks =
        launcher.kernel("sums.cl", "block_sums").tensor(x).tensor(sums).number(size).over(blocks);
    Step sumAll =
        launcher
            .kernel("sums.cl", "total")
            .tensor(sums)
            .tensor(result)
            .number(blocks)
            .real((double) divisor)
            .flag(accumulate)
            .over(1);
    return launcher.sequence(sumBlocks, sumAll);
  }

  private Step columnSums(long rows, long columns, float factor) {
    return launcher
        .kernel("reduction.cl", "column_sums")
        .tensor(x)
        .tensor(result)
        .number(rows)
        .number(columns)
        .real(factor)
        .flag(accumulate)
        .over(Launcher.vectors(columns));
  }

  private Step expand(Broadcasting repetition, float alpha) {
    long count = repetition.rows() * repetition.columns();
    return launcher
        .kernel("reduction.cl", "expand")
        .tensor(x)
        .tensor(result)
        .number(count)
        .flag(ElementwiseSteps.isColumn(repetition.broadcast()))
        .number(repetition.columns())
        .real(alpha)
        .flag(accumulate)
        .overVectors(count);
  }
}
