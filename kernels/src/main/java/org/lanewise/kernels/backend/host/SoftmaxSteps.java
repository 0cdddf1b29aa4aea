package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.AxisSoftmaxKernels;
import org.lanewise.kernels.host.MaskedSoftmaxKernels;
import org.lanewise.kernels.host.SoftmaxGradientKernels;
import org.lanewise.kernels.host.SoftmaxKernels;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Softmax. */
record SoftmaxSteps(
    SoftmaxKernels rows,
    SoftmaxGradientKernels rowGradients,
    AxisSoftmaxKernels axes,
    MaskedSoftmaxKernels masked) {
  PoolRunnable bind(SoftmaxOp op, Operands in, Operands out) {
    Shape shape = in.shape(0);
    return switch (op) {
      case SoftmaxOp.Softmax(var axis) -> softmax(shape.axis(axis), in, out);
      case SoftmaxOp.SoftmaxBackward(var axis) -> softmaxBackward(shape.axis(axis), in, out);
      case SoftmaxOp.CausalSoftmax _ -> causal(in, out);
      case SoftmaxOp.LogSoftmax(var axis) -> logSoftmax(shape.axis(axis), in, out);
      case SoftmaxOp.LogSoftmaxBackward(var axis) -> logSoftmaxBackward(shape.axis(axis), in, out);
    };
  }

  private RangeTask softmax(int axis, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    Shape shape = in.shape(0);
    long length = shape.dimension(axis);
    long inner = shape.size(axis + 1, shape.rank());
    return inner == 1
        ? RangeTask.overRows(
            shape.size(0, axis), length, (from, to) -> rows.softmax(x, y, length, from, to))
        : RangeTask.overColumns(
            length,
            shape.size(0, axis) * inner,
            (from, to) -> axes.softmax(x, y, length, inner, from, to));
  }

  private RangeTask softmaxBackward(int axis, Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment y = in.segment(0);
    MemorySegment dy = in.segment(1);
    MemorySegment dx = out.segment(0);
    Shape shape = in.shape(0);
    long length = shape.dimension(axis);
    long inner = shape.size(axis + 1, shape.rank());
    return inner == 1
        ? RangeTask.overRows(
            shape.size(0, axis),
            length,
            (from, to) -> rowGradients.softmaxBackward(adds, y, dy, dx, length, from, to))
        : RangeTask.overColumns(
            length,
            shape.size(0, axis) * inner,
            (from, to) -> axes.softmaxBackward(adds, y, dy, dx, length, inner, from, to));
  }

  private RangeTask causal(Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    Shape shape = in.shape(0);
    int last = shape.rank() - 1;
    long height = shape.dimension(last - 1);
    long columns = shape.dimension(last);
    return RangeTask.overRows(
        shape.size(0, last), columns, (from, to) -> masked.causal(x, y, height, columns, from, to));
  }

  private RangeTask logSoftmax(int axis, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    long columns = in.dimension(0, axis);
    return RangeTask.overRows(
        in.shape(0).size(0, axis), columns, (from, to) -> rows.logSoftmax(x, y, columns, from, to));
  }

  private RangeTask logSoftmaxBackward(int axis, Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment y = in.segment(0);
    MemorySegment dy = in.segment(1);
    MemorySegment dx = out.segment(0);
    long columns = in.dimension(0, axis);
    return RangeTask.overRows(
        in.shape(0).size(0, axis),
        columns,
        (from, to) -> rowGradients.logSoftmaxBackward(adds, y, dy, dx, columns, from, to));
  }
}
