package org.lanewise.kernels.backend.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Block;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.backend.host.PermutedAxes;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarLayoutKernels;
import org.lanewise.kernels.scalar.ScalarPermutationKernels;

/** Layouts with the scalar twins. */
final class LayoutSteps {
  private LayoutSteps() {}

  static Step bind(LayoutOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    return switch (op) {
      case LayoutOp.Permute permute -> {
        PermutedAxes axes = PermutedAxes.of(permute, in.shape(0));
        PoolRunnable permutation =
            ScalarPermutationKernels.INSTANCE.permute(axes.sizes(), axes.order(), x, y);
        yield () -> permutation.run(WorkerPool.shared());
      }
      case LayoutOp.Concat(var axis) -> () -> concat(axis, in, out);
      case LayoutOp.Slice(var axis, var from, var to) -> {
        Block part = Block.of(in.shape(0), axis, from, to);
        yield () -> take(accumulate, part, x, y);
      }
      case LayoutOp.Pad(var axis, var before, _, var value) -> {
        Block part = Block.of(out.shape(0), axis, before, before + in.dimension(0, axis));
        yield () -> {
          if (!accumulate) {
            ScalarLayoutKernels.INSTANCE.fill(y, value, 0, out.size(0));
          }
          put(accumulate, part, x, y);
        };
      }
      case LayoutOp.Reshape _ ->
          () ->
              ScalarLayoutKernels.INSTANCE.copyBlock(
                  accumulate, in.size(0), x, 0, in.size(0), y, 0, in.size(0), 0, 1);
    };
  }

  private static void concat(int axis, Operands in, Operands out) {
    long from = 0;
    for (int i = 0; i < in.segments().size(); i++) {
      long to = from + in.dimension(i, axis);
      put(false, Block.of(out.shape(0), axis, from, to), in.segment(i), out.segment(0));
      from = to;
    }
  }

  /** Copies a block to a dense tensor. */
  private static void take(boolean accumulate, Block part, MemorySegment x, MemorySegment y) {
    long columns = part.columns();
    ScalarLayoutKernels.INSTANCE.copyBlock(
        accumulate, columns, x, part.offset(), part.stride(), y, 0, columns, 0, part.rows());
  }

  /** Copies a dense tensor to a block. */
  private static void put(boolean accumulate, Block part, MemorySegment x, MemorySegment y) {
    long columns = part.columns();
    ScalarLayoutKernels.INSTANCE.copyBlock(
        accumulate, columns, x, 0, columns, y, part.offset(), part.stride(), 0, part.rows());
  }
}
