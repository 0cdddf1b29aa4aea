package org.lanewise.bench.gemm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A call of {@code cblas_sgemm} or {@code cblas_dgemm}.
 *
 * <p>Addresses are passed as integers: that is the same to the callee on every platform that the
 * launcher runs on, and spares each call three atomic increments and decrements, by which an arena
 * knows that it must not be closed.
 *
 * @param gemm the function
 * @param type the type of the elements
 * @param shape the sizes
 * @param transA A's transposition, as the function has it
 * @param transB B's
 * @param a address of A
 * @param b address of B
 * @param c address of C
 */
record CblasGemm(
    MethodHandle gemm, Type type, Shape shape, int transA, int transB, long a, long b, long c)
    implements Runnable {
  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANS = 111;
  private static final int TRANS = 112;

  /**
   * The function's arguments.
   *
   * @param scalar α and β
   */
  static FunctionDescriptor descriptor(ValueLayout scalar) {
    return FunctionDescriptor.ofVoid(
        JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, // order, trans, trans, m, n, k
        scalar, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, // alpha, a, lda, b, ldb
        scalar, JAVA_LONG, JAVA_INT); // beta, c, ldc
  }

  static CblasGemm of(MethodHandle gemm, Operands operands) {
    Trans trans = operands.shape().trans();
    return new CblasGemm(
        gemm,
        operands.type(),
        operands.shape(),
        trans.a() ? TRANS : NO_TRANS,
        trans.b() ? TRANS : NO_TRANS,
        operands.a().address(),
        operands.b().address(),
        operands.c().address());
  }

  @Override
  public void run() {
    try {
      if (type == Type.F32) {
        gemm.invokeExact(
            ROW_MAJOR,
            transA,
            transB,
            shape.m(),
            shape.n(),
            shape.k(),
            1f,
            a,
            shape.lda(),
            b,
            shape.ldb(),
            0f,
            c,
            shape.ldc());
      } else {
        gemm.invokeExact(
            ROW_MAJOR,
            transA,
            transB,
            shape.m(),
            shape.n(),
            shape.k(),
            1.0,
            a,
            shape.lda(),
            b,
            shape.ldb(),
            0.0,
            c,
            shape.ldc());
      }
    } catch (Throwable failure) {
      throw new AssertionError(failure); // C does not throw
    }
  }
}
