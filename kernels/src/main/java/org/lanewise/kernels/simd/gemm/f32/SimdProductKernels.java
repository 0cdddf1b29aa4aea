package org.lanewise.kernels.simd.gemm.f32;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ProductKernels;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ProductShape;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.PoolRunnable;

/** Products of dense matrices. Nothing is checked. */
public final class SimdProductKernels implements ProductKernels {
  /** The only instance. */
  public static final SimdProductKernels INSTANCE = new SimdProductKernels();

  private SimdProductKernels() {}

  @Override
  public PoolRunnable gemm(
      ProductOp.Gemm op,
      boolean accumulate,
      ProductShape shape,
      MemorySegment a,
      MemorySegment b,
      MemorySegment bias,
      MemorySegment residual,
      MemorySegment c) {
    long m = shape.m();
    long n = shape.n();
    long k = shape.k();
    return new Product()
        .size(m, n, k)
        .left(op.alpha(), op.transA(), a, 0, op.transA() == Transpose.NO ? k : m)
        .right(op.transB(), b, 0, op.transB() == Transpose.NO ? n : k)
        .result(accumulate ? 1f : 0f, c, 0, n)
        .batch(shape.batch(), m * k, k * n, m * n)
        .epilogue(op.epilogue(), bias, 0, residual, 0, n);
  }

  @Override
  public void warmUp(double multiplyAdds) {
    Product.warmUp(multiplyAdds);
  }
}
