package org.lanewise.kernels.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ProductKernels;
import org.lanewise.kernels.op.ProductOp;
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
      long m,
      long n,
      long k,
      MemorySegment a,
      MemorySegment b,
      MemorySegment bias,
      MemorySegment c) {
    long lda = op.transA() == Transpose.NO ? k : m;
    long ldb = op.transB() == Transpose.NO ? n : k;
    float beta = accumulate ? 1f : 0f;
    return RangeTask.whole(() ->
        ScalarGemm.multiply(
            op.transA(),
            op.transB(),
            m,
            n,
            k,
            op.alpha(),
            a,
            lda,
            b,
            ldb,
            beta,
            c,
            n,
            op.epilogue(),
            bias,
            null));
  }
}
