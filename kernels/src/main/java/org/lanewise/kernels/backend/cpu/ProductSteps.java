package org.lanewise.kernels.backend.cpu;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.gemm.f32.Product;

/** Products with the SIMD kernels. */
final class ProductSteps {
  private ProductSteps() {}

  static Step bind(ProductOp op, Operands in, Operands out, WorkerPool pool) {
    return switch (op) {
      case ProductOp.Gemm gemm -> gemm(gemm, in, out, pool);
    };
  }

  private static Step gemm(ProductOp.Gemm op, Operands in, Operands out, WorkerPool pool) {
    long m = out.dimension(0, 0);
    long n = out.dimension(0, 1);
    Product product =
        new Product()
            .size(m, n, in.dimension(0, op.transA() == Transpose.NO ? 1 : 0))
            .left(op.alpha(), op.transA(), in.segment(0), 0, in.dimension(0, 1))
            .right(op.transB(), in.segment(1), 0, in.dimension(1, 1))
            .result(out.adds(0) ? 1f : 0f, out.segment(0), 0, n)
            .epilogue(op.epilogue(), in.optional(2), 0, null, 0, 0);
    return () -> product.run(pool);
  }
}
