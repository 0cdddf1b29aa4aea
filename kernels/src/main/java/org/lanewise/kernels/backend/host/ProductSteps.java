package org.lanewise.kernels.backend.host;

import org.lanewise.kernels.host.ProductKernels;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ProductShape;
import org.lanewise.kernels.parallel.PoolRunnable;

/** Products. */
record ProductSteps(ProductKernels products) {
  PoolRunnable bind(ProductOp op, Operands in, Operands out) {
    return switch (op) {
      case ProductOp.Gemm gemm ->
          products.gemm(
              gemm,
              out.adds(0),
              ProductShape.of(gemm, in.shape(0), in.shape(1)),
              in.segment(0),
              in.segment(1),
              gemm.epilogue().hasBias() ? in.segment(2) : null,
              gemm.epilogue().residual() ? in.segments().getLast() : null,
              out.segment(0));
    };
  }
}
