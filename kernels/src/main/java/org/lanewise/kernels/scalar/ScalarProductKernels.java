package org.lanewise.kernels.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ProductKernels;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ProductShape;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Products of dense matrices by {@link ScalarGemm}, on one thread. */
public final class ScalarProductKernels implements ProductKernels {
  /** The only instance. */
  public static final ScalarProductKernels INSTANCE = new ScalarProductKernels();

  private ScalarProductKernels() {}

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
    long lda = op.transA() == Transpose.NO ? k : m;
    long ldb = op.transB() == Transpose.NO ? n : k;
    float beta = accumulate ? 1f : 0f;
    return RangeTask.whole(() -> {
      for (long i = 0; i < shape.batch(); i++) {
        ScalarGemm.multiply(
            op.transA(),
            op.transB(),
            m,
            n,
            k,
            op.alpha(),
            matrix(a, i, m * k),
            lda,
            matrix(b, i, k * n),
            ldb,
            beta,
            matrix(c, i, m * n),
            n,
            op.epilogue(),
            bias,
            residual == null ? null : matrix(residual, i, m * n));
      }
    });
  }

  private static MemorySegment matrix(MemorySegment batch, long index, long size) {
    return batch.asSlice(index * size * Float.BYTES, size * Float.BYTES);
  }
}
