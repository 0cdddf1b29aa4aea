package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.PoolingKernels;
import org.lanewise.kernels.host.PoolingShape;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Pooling. */
record PoolingSteps(PoolingKernels pooling) {
  PoolRunnable bind(PoolingOp op, Operands in, Operands out) {
    long planes = in.shape(0).size(0, 2);
    long work = Math.max(in.shape(0).size(2, 4), out.shape(0).size(2, 4));
    return RangeTask.overItems(planes, work, kernel(op, in, out));
  }

  private RangeTask.Kernel kernel(PoolingOp op, Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment source = in.segment(0);
    MemorySegment target = out.segment(0);
    return switch (op) {
      case PoolingOp.MaxPooling(var window) -> {
        PoolingShape shape = shape(window, in);
        MemorySegment indices = out.segment(1);
        yield (from, to) -> pooling.max(shape, source, target, indices, from, to);
      }
      case PoolingOp.MaxPoolingBackward(var height, var width) -> {
        MemorySegment indices = in.segment(1);
        long plane = height * width;
        long outputPlane = in.shape(0).size(2, 4);
        yield (from, to) ->
            pooling.maxBackward(plane, outputPlane, adds, source, indices, target, from, to);
      }
      case PoolingOp.AveragePooling(var window, var countPadding) -> {
        PoolingShape shape = shape(window, in);
        yield (from, to) -> pooling.average(shape, countPadding, source, target, from, to);
      }
      case PoolingOp.AveragePoolingBackward(var window, var countPadding, _, _) -> {
        PoolingShape shape = shape(window, out);
        yield (from, to) ->
            pooling.averageBackward(shape, countPadding, adds, source, target, from, to);
      }
    };
  }

  private static PoolingShape shape(Window window, Operands of) {
    return new PoolingShape(window, of.dimension(0, 2), of.dimension(0, 3));
  }
}
