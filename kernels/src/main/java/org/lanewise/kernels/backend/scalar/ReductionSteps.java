package org.lanewise.kernels.backend.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.op.Broadcasting;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.scalar.ScalarBlasKernels;
import org.lanewise.kernels.scalar.ScalarElementwiseKernels;
import org.lanewise.kernels.scalar.ScalarReductionKernels;

/** Reductions with the scalar twins. */
final class ReductionSteps {
  private ReductionSteps() {}

  static Step bind(ReductionOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment result = out.segment(0);
    return switch (op) {
      case ReductionOp.ColumnSums _ ->
          () ->
              ScalarReductionKernels.INSTANCE.columnSums(
                  x,
                  in.dimension(0, 0),
                  in.dimension(0, 1),
                  accumulate,
                  result,
                  0,
                  in.dimension(0, 1));
      case ReductionOp.Sum(var shape) -> sum(shape, accumulate, 1, in, result);
      case ReductionOp.Mean(var shape) -> mean(shape, in, result);
      case ReductionOp.Expand(var shape, var alpha) -> {
        Broadcasting b = Broadcasting.of(shape, in.shape(0)).orElseThrow();
        yield () ->
            ScalarElementwiseKernels.INSTANCE.repeat(
                b.broadcast(), alpha, accumulate, b.columns(), x, result, 0, shape.size());
      }
    };
  }

  /** The divisor is for a sum of all elements alone. */
  private static Step sum(
      Shape shape, boolean accumulate, long divisor, Operands in, MemorySegment sums) {
    MemorySegment x = in.segment(0);
    Broadcasting b = Broadcasting.of(in.shape(0), shape).orElseThrow();
    long rows = b.rows();
    long columns = b.columns();
    return switch (b.broadcast()) {
      case NONE ->
          () ->
              ScalarElementwiseKernels.INSTANCE.repeat(
                  b.broadcast(), 1f, accumulate, columns, x, sums, 0, columns);
      case SCALAR -> () -> total(divisor, accumulate, columns, x, sums);
      case ROW ->
          () ->
              ScalarReductionKernels.INSTANCE.columnSums(
                  x, rows, columns, accumulate, sums, 0, columns);
      case COLUMN ->
          () -> ScalarReductionKernels.INSTANCE.rowSums(x, columns, accumulate, sums, 0, rows);
    };
  }

  private static Step mean(Shape shape, Operands in, MemorySegment means) {
    Step sum = sum(shape, false, in.size(0), in, means);
    if (shape.size() == in.size(0) || shape.size() == 1) {
      return sum;
    }
    float factor = 1f / (in.size(0) / shape.size());
    return () -> {
      sum.run();
      ScalarBlasKernels.INSTANCE.scal(factor, means, means, 0, shape.size());
    };
  }

  private static void total(
      long divisor, boolean accumulate, long size, MemorySegment x, MemorySegment result) {
    double[] sums = new double[Math.toIntExact(Math.ceilDiv(size, BlasKernels.BLOCK))];
    ScalarBlasKernels.INSTANCE.sums(x, size, sums, 0, sums.length);
    float total = (float) (ScalarBlasKernels.total(sums) / divisor);
    result.setAtIndex(JAVA_FLOAT, 0, accumulate ? result.getAtIndex(JAVA_FLOAT, 0) + total : total);
  }
}
