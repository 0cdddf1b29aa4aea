package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.LayoutKernels;
import org.lanewise.kernels.host.PermutationKernels;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Layouts. */
record LayoutSteps(LayoutKernels layouts, PermutationKernels permutations) {
  PoolRunnable bind(LayoutOp op, Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    return switch (op) {
      case LayoutOp.Permute permute -> {
        PermutedAxes axes = PermutedAxes.of(permute, in.shape(0));
        yield permutations.permute(axes.sizes(), axes.order(), x, y);
      }
      case LayoutOp.Concat(var axis) -> concat(axis, in, out);
      case LayoutOp.Slice(var axis, var from, var to) -> {
        Block part = Block.of(in.shape(0), axis, from, to);
        yield copy(adds, part, x, part.offset(), part.stride(), y, 0, part.columns());
      }
      case LayoutOp.Pad(var axis, var before, var after, var value) -> {
        Block part = Block.of(out.shape(0), axis, before, before + in.dimension(0, axis));
        yield adds
            ? copy(true, part, x, 0, part.columns(), y, part.offset(), part.stride())
            : pad(in.shape(0), axis, before, after, value, x, y);
      }
      case LayoutOp.WriteAt _ -> writeAt(in, out);
      case LayoutOp.Reshape _ -> adds ? contiguous(true, in.size(0), x, 0, y, 0) : copy(in, y);
    };
  }

  private PoolRunnable concat(int axis, Operands in, Operands out) {
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
    return pool -> {
      for (RangeTask task : tasks) {
        task.run(pool);
      }
    };
  }

  private PoolRunnable writeAt(Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment rows = in.segment(1);
    MemorySegment position = in.segment(2);
    MemorySegment y = out.segment(0);
    long samples = in.dimension(0, 0);
    long capacity = in.dimension(0, 1);
    long columns = in.dimension(0, 2);
    long length = in.dimension(1, 1);
    RangeTask copy = contiguous(false, in.isSameMemory(0, out, 0) ? 0 : in.size(0), x, 0, y, 0);
    RangeTask write =
        RangeTask.overRows(
            samples * length,
            columns,
            (from, to) -> layouts.writeAt(rows, position, length, capacity, columns, y, from, to));
    return new Positions(position, samples, capacity - length + 1)
        .checkedBefore(pool -> {
          copy.run(pool);
          write.run(pool);
        });
  }

  private RangeTask copy(
      boolean adds,
      Block part,
      MemorySegment x,
      long xOffset,
      long xStride,
      MemorySegment y,
      long yOffset,
      long yStride) {
    long columns = part.columns();
    if (part.isContiguous()) {
      return contiguous(adds, part.rows() * columns, x, xOffset, y, yOffset);
    }
    return RangeTask.overRows(
        part.rows(),
        columns,
        (from, to) ->
            layouts.copyBlock(adds, columns, x, xOffset, xStride, y, yOffset, yStride, from, to));
  }

  /** Copies a tensor of any type. */
  private static RangeTask copy(Operands in, MemorySegment y) {
    MemorySegment x = in.segment(0);
    int bytes = in.types().getFirst().dtype().byteSize();
    return RangeTask.overElements(
        in.size(0),
        (from, to) -> MemorySegment.copy(x, from * bytes, y, from * bytes, (to - from) * bytes));
  }

  private RangeTask contiguous(
      boolean adds, long size, MemorySegment x, long xOffset, MemorySegment y, long yOffset) {
    return RangeTask.overElements(
        size, (from, to) -> layouts.copyBlock(adds, 1, x, xOffset, 1, y, yOffset, 1, from, to));
  }

  private RangeTask pad(
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
          (from, to) -> layouts.pad(x, length, inner, before, 0, 0, value, y, from, to));
    }
    long columns = length * inner;
    long left = before * inner;
    long right = after * inner;
    return RangeTask.overRows(
        outer,
        left + columns + right,
        (from, to) -> layouts.pad(x, outer, columns, 0, left, right, value, y, from, to));
  }
}
