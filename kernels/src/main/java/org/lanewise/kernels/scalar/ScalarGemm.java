package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;

/** Matrix products, one element of C after the other. */
public final class ScalarGemm {
  private ScalarGemm() {}

  /**
   * {@code C = epilogue(α · op(A) · op(B) + β · C)} of op(A) [m, k] and op(B) [k, n].
   *
   * @param bias [n] or [m] if the epilogue has a bias, else ignored
   * @param residual of C's shape and leading dimension if the epilogue adds one, else ignored
   */
  public static void multiply(
      Transpose transA,
      Transpose transB,
      long m,
      long n,
      long k,
      float alpha,
      MemorySegment a,
      long lda,
      MemorySegment b,
      long ldb,
      float beta,
      MemorySegment c,
      long ldc,
      Epilogue epilogue,
      MemorySegment bias,
      MemorySegment residual) {
    long depth = alpha == 0f ? 0 : k; // as BLAS: with α = 0, A and B are not read
    float scale = depth == 0 ? 0f : alpha;
    for (long i = 0; i < m; i++) {
      for (long j = 0; j < n; j++) {
        float value = 0f;
        long from = 0;
        do {
          long to = Math.min(depth, from + DEPTH_BLOCK);
          float sum = 0f;
          for (long p = from; p < to; p++) {
            float x = a.getAtIndex(JAVA_FLOAT, transA == Transpose.NO ? i * lda + p : p * lda + i);
            float y = b.getAtIndex(JAVA_FLOAT, transB == Transpose.NO ? p * ldb + j : j * ldb + p);
            sum = Math.fma(x, y, sum);
          }
          if (from > 0) {
            value = Math.fma(sum, scale, value);
          } else if (beta == 0f) {
            value = sum * scale;
          } else {
            value = Math.fma(sum, scale, beta * c.getAtIndex(JAVA_FLOAT, i * ldc + j));
          }
          from = to;
        } while (from < depth);
        if (epilogue.hasBias()) {
          value += bias.getAtIndex(JAVA_FLOAT, epilogue.bias() == Epilogue.Bias.ROW ? i : j);
        }
        if (epilogue.residual()) {
          value += residual.getAtIndex(JAVA_FLOAT, i * ldc + j);
        }
        c.setAtIndex(JAVA_FLOAT, i * ldc + j, ScalarEpilogue.apply(epilogue, value));
      }
    }
  }
}
