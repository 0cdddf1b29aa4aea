package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.scalar.ScalarGemm;

/** Products with the scalar twins. */
final class ProductSteps {
  private ProductSteps() {}

  static Step bind(ProductOp op, Operands in, Operands out) {
    return switch (op) {
      case ProductOp.Gemm gemm -> () -> gemm(gemm, in, out);
    };
  }

  private static void gemm(ProductOp.Gemm op, Operands in, Operands out) {
    long m = out.dimension(0, 0);
    long n = out.dimension(0, 1);
    ScalarGemm.multiply(
        op.transA(),
        op.transB(),
        m,
        n,
        in.dimension(0, op.transA() == Transpose.NO ? 1 : 0),
        op.alpha(),
        in.segment(0),
        in.dimension(0, 1),
        in.segment(1),
        in.dimension(1, 1),
        out.adds(0) ? 1f : 0f,
        out.segment(0),
        n,
        op.epilogue(),
        in.optional(2),
        null);
  }
}
