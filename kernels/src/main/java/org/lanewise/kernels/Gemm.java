package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.PackedGemm;

/**
 * General matrix products (Dongarra et al., "A Set of Level 3 Basic Linear Algebra Subprograms",
 * ACM TOMS 16(1), 1990), of row-major f32 matrices.
 *
 * <p>An element's error is at most {@code (k + 2)·u·(|α|·Σ|a||b| + |β||c|)} with {@code u = 2⁻²⁴}.
 * Its bits depend only on its row of op(A), its column of op(B), its own old value, and the
 * scalars: not on m, n or leading dimensions.
 *
 * <p>Each thread that computes keeps 2.5 MiB of scratch memory until it ends. The first product of
 * more than 4 million multiply-adds in a process has the JIT compile the kernels before it runs,
 * some tenths of a second, as interpreted it would take longer.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Gemm {
  private Gemm() {}

  /**
   * {@code C = A · B}, on the shared pool, of dense matrices.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B
   * @param a [m, k]
   * @param b [k, n]
   * @param c [m, n], does not overlap with A or B
   */
  public static void sgemm(
      long m, long n, long k, MemorySegment a, MemorySegment b, MemorySegment c) {
    sgemm(Transpose.NO, Transpose.NO, m, n, k, 1f, a, k, b, n, 0f, c, n);
  }

  /**
   * {@code C = α · op(A) · op(B) + β · C}, on the shared pool.
   *
   * @see #sgemm(WorkerPool, Transpose, Transpose, long, long, long, float, MemorySegment, long,
   *     MemorySegment, long, float, MemorySegment, long, Epilogue, MemorySegment)
   */
  public static void sgemm(
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
      long ldc) {
    sgemm(
        WorkerPool.shared(),
        transA,
        transB,
        m,
        n,
        k,
        alpha,
        a,
        lda,
        b,
        ldb,
        beta,
        c,
        ldc,
        Epilogue.NONE,
        null);
  }

  /**
   * {@code C = epilogue(α · op(A) · op(B) + β · C)}.
   *
   * <p>With β = 0, C is not read. With α = 0 or k = 0, A and B are not read. With m = 0 or n = 0
   * nothing happens. Non-finite elements add up as IEEE 754 says.
   *
   * @param transA whether op(A) is Aᵀ
   * @param transB whether op(B) is Bᵀ
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A) and rows of op(B)
   * @param a [m, k], or [k, m] if transposed
   * @param lda distance of A's rows in elements, at least their length and 1
   * @param b [k, n], or [n, k] if transposed
   * @param ldb distance of B's rows in elements, at least their length and 1
   * @param c [m, n], does not overlap with another operand
   * @param ldc distance of C's rows in elements, at least n and 1; what is between rows is left
   *     alone
   * @param bias [n] if the epilogue has a bias, else null
   */
  public static void sgemm(
      WorkerPool pool,
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
      MemorySegment bias) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(transA, "transA");
    Objects.requireNonNull(transB, "transB");
    Objects.requireNonNull(epilogue, "epilogue");
    Checks.size("m", m);
    Checks.size("n", n);
    Checks.size("k", k);
    long aSize = transA == Transpose.NO ? span("a", m, k, lda) : span("a", k, m, lda);
    long bSize = transB == Transpose.NO ? span("b", k, n, ldb) : span("b", n, k, ldb);
    long cSize = span("c", m, n, ldc);
    Checks.input("a", a, aSize);
    Checks.input("b", b, bSize);
    Checks.output("c", c, cSize);
    Checks.disjoint("c", c, cSize, "a", a, aSize);
    Checks.disjoint("c", c, cSize, "b", b, bSize);
    if (epilogue.hasBias()) {
      Checks.input("bias", bias, n);
      Checks.disjoint("c", c, cSize, "bias", bias, n);
    } else if (bias != null) {
      throw new IllegalArgumentException("bias must be null for the epilogue " + epilogue);
    }
    PackedGemm gemm =
        new PackedGemm(
            transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, epilogue, bias);
    if (Dispatch.isConfined(a, b, c, bias)) {
      gemm.run(0, 1);
    } else {
      gemm.run(pool);
    }
  }

  /** Elements from the first to the last of a matrix whose rows are {@code stride} apart. */
  private static long span(String name, long rows, long columns, long stride) {
    if (stride < Math.max(1, columns)) {
      throw new IllegalArgumentException(
          "ld%s must be at least %d, the row length of %s [%d, %d], but is %d"
              .formatted(name, Math.max(1, columns), name, rows, columns, stride));
    }
    long strides = Checks.elements("rows of " + name, rows, "ld" + name, stride);
    return rows == 0 || columns == 0 ? 0 : strides - stride + columns;
  }
}
