package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ProductShape;
import org.lanewise.kernels.parallel.PoolRunnable;

/** Matrix products. */
public interface ProductKernels {
  /**
   * Prepares {@code C = epilogue(α · op(A) · op(B))}, or {@code C = epilogue(α · op(A) · op(B) +
   * C)}, of the matrices of a batch.
   *
   * @param a the matrices, one after the other; so are those of b and c
   * @param bias [n], or null if the epilogue has none
   * @param residual laid out as c, or null if the epilogue has none
   */
  PoolRunnable gemm(
      ProductOp.Gemm op,
      boolean accumulate,
      ProductShape shape,
      MemorySegment a,
      MemorySegment b,
      MemorySegment bias,
      MemorySegment residual,
      MemorySegment c);

  /**
   * Has the code compiled that other kernels than {@link #gemm} multiply matrices with, unless
   * there are too few multiply-adds for it to pay.
   */
  default void warmUp(double multiplyAdds) {}
}
