package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.simd.softmax.SimdAxisSoftmaxKernels;
import org.lanewise.kernels.simd.softmax.SimdMaskedSoftmaxKernels;
import org.lanewise.kernels.simd.softmax.SimdSoftmaxGradientKernels;
import org.lanewise.kernels.simd.softmax.SimdSoftmaxKernels;

/** Softmax with the SIMD kernels. */
final class SoftmaxSteps {
  private SoftmaxSteps() {}

  static RangeTask bind(SoftmaxOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    return switch (op) {
      case SoftmaxOp.Softmax(var axis) -> softmax(in.shape(0).axis(axis), in, out);
      case SoftmaxOp.SoftmaxBackward(var axis) ->
          softmaxBackward(in.shape(0).axis(axis), accumulate, in, out);
      case SoftmaxOp.CausalSoftmax _ -> causal(in, out);
      case SoftmaxOp.LogSoftmax(var axis) -> logSoftmax(in.shape(0).axis(axis), in, out);
      case SoftmaxOp.LogSoftmaxBackward(var axis) ->
          logSoftmaxBackward(in.shape(0).axis(axis), accumulate, in, out);
    };
  }

  private static RangeTask softmax(int axis, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    Shape shape = in.shape(0);
    long length = shape.dimension(axis);
    long inner = shape.size(axis + 1, shape.rank());
    return inner == 1
        ? RangeTask.overRows(
            shape.size(0, axis),
            length,
            (from, to) -> SimdSoftmaxKernels.INSTANCE.softmax(x, y, length, from, to))
        : RangeTask.overColumns(
            length,
            shape.size(0, axis) * inner,
            (from, to) -> SimdAxisSoftmaxKernels.INSTANCE.softmax(x, y, length, inner, from, to));
  }

  private static RangeTask softmaxBackward(
      int axis, boolean accumulate, Operands in, Operands out) {
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
            (from, to) ->
                SimdSoftmaxGradientKernels.INSTANCE.softmaxBackward(
                    accumulate, y, dy, dx, length, from, to))
        : RangeTask.overColumns(
            length,
            shape.size(0, axis) * inner,
            (from, to) ->
                SimdAxisSoftmaxKernels.INSTANCE.softmaxBackward(
                    accumulate, y, dy, dx, length, inner, from, to));
  }

  private static RangeTask causal(Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    Shape shape = in.shape(0);
    int last = shape.rank() - 1;
    long rows = shape.dimension(last - 1);
    long columns = shape.dimension(last);
    return RangeTask.overRows(
        shape.size(0, last),
        columns,
        (from, to) -> SimdMaskedSoftmaxKernels.INSTANCE.causal(x, y, rows, columns, from, to));
  }

  private static RangeTask logSoftmax(int axis, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    long columns = in.dimension(0, axis);
    return RangeTask.overRows(
        in.shape(0).size(0, axis),
        columns,
        (from, to) -> SimdSoftmaxKernels.INSTANCE.logSoftmax(x, y, columns, from, to));
  }

  private static RangeTask logSoftmaxBackward(
      int axis, boolean accumulate, Operands in, Operands out) {
    MemorySegment y = in.segment(0);
    MemorySegment dy = in.segment(1);
    MemorySegment dx = out.segment(0);
    long columns = in.dimension(0, axis);
    return RangeTask.overRows(
        in.shape(0).size(0, axis),
        columns,
        (from, to) ->
            SimdSoftmaxGradientKernels.INSTANCE.logSoftmaxBackward(
                accumulate, y, dy, dx, columns, from, to));
  }
}
