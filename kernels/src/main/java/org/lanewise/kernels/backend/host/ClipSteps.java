package org.lanewise.kernels.backend.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.host.OptimizerKernels;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.scalar.ScalarBlasKernels;

/** Clipping of gradients. */
record ClipSteps(OptimizerKernels optimizers, BlasKernels blas) {
  PoolRunnable bind(ClipOp op, Operands in, Operands out) {
    MemorySegment gradient = in.segment(0);
    MemorySegment scale = in.segment(1);
    MemorySegment result = out.segment(0);
    return switch (op) {
      case ClipOp.ClipValue(var limit) ->
          RangeTask.overElements(
              in.size(0),
              (from, to) ->
                  optimizers.clip(
                      (float) limit, gradient, scale.getAtIndex(JAVA_FLOAT, 0), result, from, to));
      case ClipOp.ClipNorm(var maxNorm) -> norm(maxNorm, in.size(0), gradient, scale, result);
    };
  }

  private PoolRunnable norm(
      double maxNorm,
      long size,
      MemorySegment gradient,
      MemorySegment gradientScale,
      MemorySegment result) {
    double[] sums = new double[Math.toIntExact(Math.ceilDiv(size, BlasKernels.BLOCK))];
    RangeTask blocks =
        RangeTask.overRows(
            sums.length,
            BlasKernels.BLOCK,
            (from, to) -> blas.squares(gradient, 1f, size, sums, from, to));
    return pool -> {
      blocks.run(pool);
      double scale = gradientScale.getAtIndex(JAVA_FLOAT, 0);
      double norm = Math.abs(scale) * Math.sqrt(ScalarBlasKernels.total(sums));
      double clipped = scale * OptimizerKernels.clipFactor(norm, maxNorm);
      result.setAtIndex(JAVA_FLOAT, 0, (float) clipped);
    };
  }
}
