package org.lanewise.kernels.backend.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.host.ElementwiseKernels;
import org.lanewise.kernels.host.ReductionKernels;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.Broadcasting;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.scalar.ScalarBlasKernels;

/** Reductions. */
record ReductionSteps(
    ReductionKernels reductions, ElementwiseKernels elementwise, BlasKernels blas) {
  PoolRunnable bind(ReductionOp op, Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment result = out.segment(0);
    return switch (op) {
      case ReductionOp.ColumnSums _ ->
          columnSums(in.dimension(0, 0), in.dimension(0, 1), adds, x, result);
      case ReductionOp.Sum(var shape) -> sum(ofSums(shape, in), adds, 1, in, result);
      case ReductionOp.Mean(var shape) -> mean(ofSums(shape, in), shape.size(), in, result);
      case ReductionOp.Expand(var shape, var alpha) -> {
        Broadcasting repetition = Broadcasting.of(shape, in.shape(0)).orElseThrow();
        yield repeat(repetition, alpha, adds, shape.size(), x, result);
      }
    };
  }

  private static Broadcasting ofSums(Shape shape, Operands in) {
    return Broadcasting.ofSums(in.shape(0), shape).orElseThrow();
  }

  /** The divisor is for a sum of all elements alone. */
  private PoolRunnable sum(
      Broadcasting repetition, boolean adds, long divisor, Operands in, MemorySegment sums) {
    MemorySegment x = in.segment(0);
    long rows = repetition.rows();
    long columns = repetition.columns();
    return switch (repetition.broadcast()) {
      case NONE -> repeat(repetition, 1f, adds, columns, x, sums);
      case SCALAR -> total(divisor, adds, in.size(0), x, sums);
      case ROW -> columnSums(rows, columns, adds, x, sums);
      case COLUMN ->
          RangeTask.overRows(
              rows, columns, (from, to) -> reductions.rowSums(x, columns, adds, sums, from, to));
    };
  }

  private PoolRunnable mean(Broadcasting repetition, long count, Operands in, MemorySegment means) {
    PoolRunnable sum = sum(repetition, false, in.size(0), in, means);
    if (repetition.broadcast() == Broadcast.NONE || repetition.broadcast() == Broadcast.SCALAR) {
      return sum;
    }
    float factor = 1f / (in.size(0) / count);
    RangeTask scale =
        RangeTask.overElements(count, (from, to) -> blas.scal(factor, means, means, from, to));
    return pool -> {
      sum.run(pool);
      scale.run(pool);
    };
  }

  /** The sum of all elements, divided by a number. */
  private PoolRunnable total(
      long divisor, boolean adds, long size, MemorySegment x, MemorySegment result) {
    double[] sums = new double[Math.toIntExact(Math.ceilDiv(size, BlasKernels.BLOCK))];
    RangeTask blocks =
        RangeTask.overRows(
            sums.length, BlasKernels.BLOCK, (from, to) -> blas.sums(x, size, sums, from, to));
    return pool -> {
      blocks.run(pool);
      float total = (float) (ScalarBlasKernels.total(sums) / divisor);
      result.setAtIndex(JAVA_FLOAT, 0, adds ? result.getAtIndex(JAVA_FLOAT, 0) + total : total);
    };
  }

  private RangeTask columnSums(
      long rows, long columns, boolean adds, MemorySegment x, MemorySegment sums) {
    return RangeTask.overColumns(
        rows, columns, (from, to) -> reductions.columnSums(x, rows, columns, adds, sums, from, to));
  }

  private RangeTask repeat(
      Broadcasting repetition,
      float alpha,
      boolean adds,
      long size,
      MemorySegment y,
      MemorySegment x) {
    Broadcast broadcast = repetition.broadcast();
    long columns = repetition.columns();
    return RangeTask.overElements(
        size, (from, to) -> elementwise.repeat(broadcast, alpha, adds, columns, y, x, from, to));
  }
}
