package org.lanewise.kernels.backend.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.Broadcasting;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.scalar.ScalarBlasKernels;
import org.lanewise.kernels.scalar.ScalarElementwiseKernels;

/** Functions of two tensors with the scalar twins. */
final class ElementwiseSteps {
  private ElementwiseSteps() {}

  static Step bind(ElementwiseOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    MemorySegment x = in.segment(0);
    MemorySegment y = in.optional(1);
    MemorySegment dz = in.optional(2);
    MemorySegment result = out.segment(0);
    long size = in.size(0);
    return switch (op) {
      case ElementwiseOp.Binary(var f) -> {
        Broadcasting b = repetition(in);
        yield () ->
            ScalarElementwiseKernels.INSTANCE.binary(
                f, b.broadcast(), false, b.columns(), x, y, result, 0, size);
      }
      case ElementwiseOp.BinaryBackwardX(var f) -> {
        Broadcasting b = repetition(in);
        yield () ->
            ScalarElementwiseKernels.INSTANCE.gradientX(
                f, b.broadcast(), accumulate, b.columns(), x, y, dz, result, 0, size);
      }
      case ElementwiseOp.BinaryBackwardY(var f) -> {
        Broadcasting b = repetition(in);
        yield () ->
            ScalarElementwiseKernels.INSTANCE.gradientY(
                f, b.broadcast(), accumulate, b.columns(), x, y, dz, result, 0, size);
      }
      case ElementwiseOp.Scale(var alpha) ->
          accumulate
              ? () -> ScalarBlasKernels.INSTANCE.axpy(alpha, x, result, 0, size)
              : () -> ScalarBlasKernels.INSTANCE.scal(alpha, x, result, 0, size);
    };
  }

  private static Broadcasting repetition(Operands in) {
    return Broadcasting.of(in.shape(0), in.shape(1)).orElseThrow();
  }
}
