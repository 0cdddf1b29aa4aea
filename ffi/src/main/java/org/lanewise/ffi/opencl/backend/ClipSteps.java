package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.ClipOp;

/** Clipping of gradients on a device. */
final class ClipSteps {
  private ClipSteps() {}

  static Step bind(ClipOp op, Operands in, Operands out, Launcher launcher) {
    long size = in.size(0);
    return switch (op) {
      case ClipOp.ClipValue(var limit) ->
          launcher
              .kernel("optimizer.cl", "clip_value")
              .tensor(in.get(0))
              .tensor(in.get(1))
              .tensor(out.get(0))
              .number(size)
              .real((float) limit)
              .overVectors(size);
      case ClipOp.ClipNorm(var maxNorm) -> {
        long blocks = Math.ceilDiv(size, ReductionSteps.SUM_BLOCK);
        Operand sums = launcher.scratch(Math.max(blocks, 1));
        Step squares =
            launcher
                .kernel("sums.cl", "block_sums", "SQUARES")
                .tensor(in.get(0))
                .tensor(sums)
                .number(size)
                .over(blocks);
        Step clip =
            launcher
                .kernel("sums.cl", "clip_norm")
                .tensor(sums)
                .tensor(in.get(1))
                .tensor(out.get(0))
                .number(blocks)
                .real(maxNorm)
                .over(1);
        yield launcher.sequence(squares, clip);
      }
    };
  }
}
