package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.parallel.PoolRunnable;

/** Matrix products. */
public interface ProductKernels {
  /**
   * Prepares {@code C = epilogue(α · op(A) · op(B))}, or {@code C = epilogue(α · op(A) · op(B) +
   * C)}, of op(A) [m, k], op(B) [k, n] and C [m, n].
   *
   * @param bias [n], or null if the epilogue has none
   */
  PoolRunnable gemm(
      ProductOp.Gemm op,
      boolean accumulate,
      long m,
      long n,
      long k,
      MemorySegment a,
      MemorySegment b,
      MemorySegment bias,
      MemorySegment c);

  /**
   * Has the code compiled that other kernels than {@link #gemm} multiply matrices with, unless
   * there are too few multiply-adds for it to pay.
   */
  default void warmUp(double multiplyAdds) {}
}
