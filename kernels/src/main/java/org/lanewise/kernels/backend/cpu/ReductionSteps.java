package org.lanewise.kernels.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.Broadcasting;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarBlasKernels;
import org.lanewise.kernels.simd.elementwise.SimdBlasKernels;
import org.lanewise.kernels.simd.elementwise.SimdElementwiseKernels;
import org.lanewise.kernels.simd.reduction.SimdReductionKernels;

/** Reductions with the SIMD kernels. */
final class ReductionSteps {
  private ReductionSteps() {}

  static Step bind(ReductionOp op, Operands in, Operands out, WorkerPool pool) {
    boolean accumulate = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment result = out.segment(0);
    return switch (op) {
      case ReductionOp.ColumnSums _ -> {
        RangeTask task = columnSums(in.dimension(0, 0), in.dimension(0, 1), accumulate, x, result);
        yield () -> task.run(pool);
      }
      case ReductionOp.Sum(var shape) -> sum(shape, accumulate, 1, in, result, pool);
      case ReductionOp.Mean(var shape) -> mean(shape, in, result, pool);
      case ReductionOp.Expand(var shape, var alpha) -> {
        Broadcasting repetition = Broadcasting.of(shape, in.shape(0)).orElseThrow();
        RangeTask task = repeat(repetition, alpha, accumulate, shape.size(), x, result);
        yield () -> task.run(pool);
      }
    };
  }

  /** The divisor is for a sum of all elements alone. */
  private static Step sum(
      Shape shape,
      boolean accumulate,
      long divisor,
      Operands in,
      MemorySegment sums,
      WorkerPool pool) {
    MemorySegment x = in.segment(0);
    Broadcasting repetition = Broadcasting.of(in.shape(0), shape).orElseThrow();
    long rows = repetition.rows();
    long columns = repetition.columns();
    RangeTask task =
        switch (repetition.broadcast()) {
          case NONE -> repeat(repetition, 1f, accumulate, columns, x, sums);
          case SCALAR -> null;
          case ROW -> columnSums(rows, columns, accumulate, x, sums);
          case COLUMN ->
              RangeTask.overRows(
                  rows,
                  columns,
                  (from, to) ->
                      SimdReductionKernels.INSTANCE.rowSums(
                          x, columns, accumulate, sums, from, to));
        };
    return task == null
        ? total(divisor, accumulate, in.size(0), x, sums, pool)
        : () -> task.run(pool);
  }

  private static Step mean(Shape shape, Operands in, MemorySegment means, WorkerPool pool) {
    Step sum = sum(shape, false, in.size(0), in, means, pool);
    if (shape.size() == in.size(0) || shape.size() == 1) {
      return sum;
    }
    float factor = 1f / (in.size(0) / shape.size());
    RangeTask scale =
        RangeTask.overElements(
            shape.size(),
            (from, to) -> SimdBlasKernels.INSTANCE.scal(factor, means, means, from, to));
    return () -> {
      sum.run();
      scale.run(pool);
    };
  }

  /** The sum of all elements, divided by a number. */
  private static Step total(
      long divisor,
      boolean accumulate,
      long size,
      MemorySegment x,
      MemorySegment result,
      WorkerPool pool) {
    double[] sums = new double[Math.toIntExact(Math.ceilDiv(size, BlasKernels.BLOCK))];
    RangeTask blocks =
        RangeTask.overRows(
            sums.length,
            BlasKernels.BLOCK,
            (from, to) -> SimdBlasKernels.INSTANCE.sums(x, size, sums, from, to));
    return () -> {
      blocks.run(pool);
      float total = (float) (ScalarBlasKernels.total(sums) / divisor);
      result.setAtIndex(
          JAVA_FLOAT, 0, accumulate ? result.getAtIndex(JAVA_FLOAT, 0) + total : total);
    };
  }

  private static RangeTask columnSums(
      long rows, long columns, boolean accumulate, MemorySegment x, MemorySegment sums) {
    return RangeTask.overColumns(
        rows,
        columns,
        (from, to) ->
            SimdReductionKernels.INSTANCE.columnSums(x, rows, columns, accumulate, sums, from, to));
  }

  private static RangeTask repeat(
      Broadcasting repetition,
      float alpha,
      boolean accumulate,
      long size,
      MemorySegment y,
      MemorySegment x) {
    Broadcast broadcast = repetition.broadcast();
    long columns = repetition.columns();
    return RangeTask.overElements(
        size,
        (from, to) ->
            SimdElementwiseKernels.INSTANCE.repeat(
                broadcast, alpha, accumulate, columns, y, x, from, to));
  }
}
