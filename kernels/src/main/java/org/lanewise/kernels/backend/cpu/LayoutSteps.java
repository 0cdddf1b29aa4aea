package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Block;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.backend.host.PermutedAxes;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.layout.PermutePlan;
import org.lanewise.kernels.simd.layout.SimdLayoutKernels;

/** Layouts with the SIMD kernels. */
final class LayoutSteps {
  private LayoutSteps() {}

  static Step bind(LayoutOp op, Operands in, Operands out, WorkerPool pool) {
    if (op instanceof LayoutOp.Concat(int axis)) {
      return concat(axis, in, out, pool);
    }
    if (in.size(0) == 0 && out.size(0) == 0) {
      return () -> {};
    }
    RangeTask task = bind(op, in, out);
    return () -> task.run(pool);
  }

  private static RangeTask bind(LayoutOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    return switch (op) {
      case LayoutOp.Permute permute -> permute(permute, in, out);
      case LayoutOp.Concat _ -> throw new IllegalArgumentException("more than one task");
      case LayoutOp.Slice(var axis, var from, var to) -> {
        Block part = Block.of(in.shape(0), axis, from, to);
        yield copy(accumulate, part, x, part.offset(), part.stride(), y, 0, part.columns());
      }
      case LayoutOp.Pad(var axis, var before, var after, var value) -> {
        Block part = Block.of(out.shape(0), axis, before, before + in.dimension(0, axis));
        yield accumulate
            ? copy(true, part, x, 0, part.columns(), y, part.offset(), part.stride())
            : pad(in.shape(0), axis, before, after, value, x, y);
      }
      case LayoutOp.Reshape _ -> contiguous(accumulate, in.size(0), x, 0, y, 0);
    };
  }

  private static RangeTask permute(LayoutOp.Permute op, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    PermutedAxes axes = PermutedAxes.of(op, in.shape(0));
    PermutePlan plan = new PermutePlan(axes.sizes(), axes.order());
    RangeTask.Kernel kernel = (from, to) -> SimdLayoutKernels.permute(plan, x, y, from, to);
    return plan.isTransposed()
        ? RangeTask.overColumns(plan.columns(), plan.lines(), kernel)
        : RangeTask.overRows(plan.lines(), plan.columns(), kernel);
  }

  private static Step concat(int axis, Operands in, Operands out, WorkerPool pool) {
    MemorySegment y = out.segment(0);
    RangeTask[] tasks = new RangeTask[in.segments().size()];
    long from = 0;
    for (int i = 0; i < tasks.length; i++) {
      long to = from + in.dimension(i, axis);
      Block part = Block.of(out.shape(0), axis, from, to);
      tasks[i] =
          copy(false, part, in.segment(i), 0, part.columns(), y, part.offset(), part.stride());
      from = to;
    }
    return () -> {
      for (RangeTask task : tasks) {
        task.run(pool);
      }
    };
  }

  private static RangeTask copy(
      boolean accumulate,
      Block part,
      MemorySegment x,
      long xOffset,
      long xStride,
      MemorySegment y,
      long yOffset,
      long yStride) {
    long columns = part.columns();
    if (part.isContiguous()) {
      return contiguous(accumulate, part.rows() * columns, x, xOffset, y, yOffset);
    }
    return RangeTask.overRows(
        part.rows(),
        columns,
        (from, to) ->
            SimdLayoutKernels.INSTANCE.copyBlock(
                accumulate, columns, x, xOffset, xStride, y, yOffset, yStride, from, to));
  }

  private static RangeTask contiguous(
      boolean accumulate, long size, MemorySegment x, long xOffset, MemorySegment y, long yOffset) {
    return RangeTask.overElements(
        size,
        (from, to) ->
            SimdLayoutKernels.INSTANCE.copyBlock(
                accumulate, 1, x, xOffset, 1, y, yOffset, 1, from, to));
  }

  private static RangeTask pad(
      Shape shape,
      int axis,
      long before,
      long after,
      float value,
      MemorySegment x,
      MemorySegment y) {
    long outer = shape.size(0, axis);
    long length = shape.dimension(axis);
    long inner = shape.size(axis + 1, shape.rank());
    if (outer == 1 && inner > 1) { // many rows instead of one
      return RangeTask.overRows(
          before + length + after,
          inner,
          (from, to) ->
              SimdLayoutKernels.INSTANCE.pad(x, length, inner, before, 0, 0, value, y, from, to));
    }
    long columns = length * inner;
    long left = before * inner;
    long right = after * inner;
    return RangeTask.overRows(
        outer,
        left + columns + right,
        (from, to) ->
            SimdLayoutKernels.INSTANCE.pad(x, outer, columns, 0, left, right, value, y, from, to));
  }
}
