package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.Broadcasting;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.simd.elementwise.SimdBlasKernels;
import org.lanewise.kernels.simd.elementwise.SimdElementwiseKernels;

/** Functions of two tensors with the SIMD kernels. */
final class ElementwiseSteps {
  private ElementwiseSteps() {}

  static RangeTask bind(ElementwiseOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment result = out.segment(0);
    RangeTask.Kernel kernel =
        switch (op) {
          case ElementwiseOp.Binary(var f) -> binary(f, in, result);
          case ElementwiseOp.BinaryBackwardX(var f) -> backwardX(f, accumulate, in, result);
          case ElementwiseOp.BinaryBackwardY(var f) -> backwardY(f, accumulate, in, result);
          case ElementwiseOp.Scale(var alpha) ->
              accumulate
                  ? (from, to) -> SimdBlasKernels.INSTANCE.axpy(alpha, x, result, from, to)
                  : (from, to) -> SimdBlasKernels.INSTANCE.scal(alpha, x, result, from, to);
        };
    return RangeTask.overElements(in.size(0), kernel);
  }

  private static RangeTask.Kernel binary(BinaryFunction f, Operands in, MemorySegment z) {
    MemorySegment x = in.segment(0);
    MemorySegment y = in.segment(1);
    Broadcasting repetition = Broadcasting.of(in.shape(0), in.shape(1)).orElseThrow();
    Broadcast broadcast = repetition.broadcast();
    long columns = repetition.columns();
    return (from, to) ->
        SimdElementwiseKernels.INSTANCE.binary(f, broadcast, false, columns, x, y, z, from, to);
  }

  private static RangeTask.Kernel backwardX(
      BinaryFunction f, boolean accumulate, Operands in, MemorySegment dx) {
    MemorySegment x = in.segment(0);
    MemorySegment y = in.segment(1);
    MemorySegment dz = in.segment(2);
    Broadcasting repetition = Broadcasting.of(in.shape(0), in.shape(1)).orElseThrow();
    Broadcast broadcast = repetition.broadcast();
    long columns = repetition.columns();
    return (from, to) ->
        SimdElementwiseKernels.INSTANCE.gradientX(
            f, broadcast, accumulate, columns, x, y, dz, dx, from, to);
  }

  private static RangeTask.Kernel backwardY(
      BinaryFunction f, boolean accumulate, Operands in, MemorySegment dy) {
    MemorySegment x = in.segment(0);
    MemorySegment y = in.segment(1);
    MemorySegment dz = in.segment(2);
    Broadcasting repetition = Broadcasting.of(in.shape(0), in.shape(1)).orElseThrow();
    Broadcast broadcast = repetition.broadcast();
    long columns = repetition.columns();
    return (from, to) ->
        SimdElementwiseKernels.INSTANCE.gradientY(
            f, broadcast, accumulate, columns, x, y, dz, dy, from, to);
  }
}
