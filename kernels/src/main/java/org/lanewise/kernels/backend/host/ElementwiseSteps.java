package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.host.ElementwiseKernels;
import org.lanewise.kernels.host.Repeated;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.Broadcasting;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Functions of two tensors. */
record ElementwiseSteps(ElementwiseKernels elementwise, BlasKernels blas) {
  PoolRunnable bind(ElementwiseOp op, Operands in, Operands out) {
    RangeTask.Kernel kernel =
        switch (op) {
          case ElementwiseOp.Binary(var f) -> binary(f, in, out);
          case ElementwiseOp.Where() -> where(in, out);
          case ElementwiseOp.BinaryBackwardX(var f) -> backwardX(f, in, out);
          case ElementwiseOp.BinaryBackwardY(var f) -> backwardY(f, in, out);
          case ElementwiseOp.Scale(var alpha) -> scale(alpha, in, out);
        };
    return RangeTask.overElements(out.size(0), kernel);
  }

  private RangeTask.Kernel binary(BinaryFunction f, Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment y = in.segment(1);
    MemorySegment z = out.segment(0);
    Broadcasting repetition = Broadcasting.of(in.shape(0), in.shape(1)).orElseThrow();
    Broadcast broadcast = repetition.broadcast();
    long columns = repetition.columns();
    return (from, to) -> elementwise.binary(f, broadcast, adds, columns, x, y, z, from, to);
  }

  private RangeTask.Kernel where(Operands in, Operands out) {
    Repeated condition = in.repeated(0, out.shape(0));
    Repeated x = in.repeated(1, out.shape(0));
    Repeated y = in.repeated(2, out.shape(0));
    MemorySegment z = out.segment(0);
    return (from, to) -> elementwise.where(condition, x, y, z, from, to);
  }

  private RangeTask.Kernel backwardX(BinaryFunction f, Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment y = in.segment(1);
    MemorySegment dz = in.segment(2);
    MemorySegment dx = out.segment(0);
    Broadcasting repetition = Broadcasting.of(in.shape(0), in.shape(1)).orElseThrow();
    Broadcast broadcast = repetition.broadcast();
    long columns = repetition.columns();
    return (from, to) -> elementwise.gradientX(f, broadcast, adds, columns, x, y, dz, dx, from, to);
  }

  private RangeTask.Kernel backwardY(BinaryFunction f, Operands in, Operands out) {
    boolean adds = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment y = in.segment(1);
    MemorySegment dz = in.segment(2);
    MemorySegment dy = out.segment(0);
    Broadcasting repetition = Broadcasting.of(in.shape(0), in.shape(1)).orElseThrow();
    Broadcast broadcast = repetition.broadcast();
    long columns = repetition.columns();
    return (from, to) -> elementwise.gradientY(f, broadcast, adds, columns, x, y, dz, dy, from, to);
  }

  private RangeTask.Kernel scale(float alpha, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    return out.adds(0)
        ? (from, to) -> blas.axpy(alpha, x, y, from, to)
        : (from, to) -> blas.scal(alpha, x, y, from, to);
  }
}
