package org.lanewise.kernels;

import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;

/** A product to test, and where in their memory its operands lie. */
final class GemmCase {
  final int m;
  final int n;
  final int k;
  Transpose transA = Transpose.NO;
  Transpose transB = Transpose.NO;
  double alpha = 1;
  double beta;
  Epilogue epilogue = Epilogue.NONE;
  int lda;
  int ldb;
  int ldc;
  int aOffset;
  int bOffset;
  int cOffset;
  int batch = 1;
  int aStride;
  int bStride;
  int cStride;
  private boolean dense = true;

  private GemmCase(int m, int n, int k) {
    this.m = m;
    this.n = n;
    this.k = k;
    setLeadingDimensions(0, 0, 0);
  }

  /** {@code C = A · B} of dense matrices; the other methods change that. */
  static GemmCase of(int m, int n, int k) {
    return new GemmCase(m, n, k);
  }

  GemmCase transposed(Transpose transA, Transpose transB) {
    this.transA = transA;
    this.transB = transB;
    setLeadingDimensions(0, 0, 0);
    return this;
  }

  GemmCase scalars(double alpha, double beta) {
    this.alpha = alpha;
    this.beta = beta;
    return this;
  }

  GemmCase epilogue(Epilogue epilogue) {
    this.epilogue = epilogue;
    return this;
  }

  /** Elements between the rows; to be called after {@link #transposed}. */
  GemmCase gaps(int a, int b, int c) {
    setLeadingDimensions(a, b, c);
    dense = false;
    return this;
  }

  GemmCase offsets(int a, int b, int c) {
    aOffset = a;
    bOffset = b;
    cOffset = c;
    return this;
  }

  GemmCase batch(int count, int aStride, int bStride, int cStride) {
    batch = count;
    this.aStride = aStride;
    this.bStride = bStride;
    this.cStride = cStride;
    return this;
  }

  private void setLeadingDimensions(int aGap, int bGap, int cGap) {
    lda = Math.max(1, aColumns() + aGap);
    ldb = Math.max(1, bColumns() + bGap);
    ldc = Math.max(1, n + cGap);
  }

  /** Rows of A as stored. */
  int aRows() {
    return transA == Transpose.NO ? m : k;
  }

  /** Columns of A as stored. */
  int aColumns() {
    return transA == Transpose.NO ? k : m;
  }

  /** Rows of B as stored. */
  int bRows() {
    return transB == Transpose.NO ? k : n;
  }

  /** Columns of B as stored. */
  int bColumns() {
    return transB == Transpose.NO ? n : k;
  }

  int biasLength() {
    return switch (epilogue.bias()) {
      case NONE -> 0;
      case ROW -> m;
      case COLUMN -> n;
    };
  }

  /** Where an element of op(A) lies. */
  int aIndex(int matrix, int i, int p) {
    return aOffset + matrix * aStride + (transA == Transpose.NO ? i * lda + p : p * lda + i);
  }

  /** Where an element of op(B) lies. */
  int bIndex(int matrix, int p, int j) {
    return bOffset + matrix * bStride + (transB == Transpose.NO ? p * ldb + j : j * ldb + p);
  }

  /** Where an element of C lies. */
  int cIndex(int matrix, int i, int j) {
    return cOffset + matrix * cStride + i * ldc + j;
  }

  /** The product as a user describes it. */
  Gemm gemm() {
    Gemm gemm =
        Gemm.of(m, n, k)
            .alpha(alpha)
            .beta(beta)
            .epilogue(epilogue)
            .offsets(aOffset, bOffset, cOffset)
            .batch(batch, aStride, bStride, cStride);
    if (transA == Transpose.YES) {
      gemm.transposeA();
    }
    if (transB == Transpose.YES) {
      gemm.transposeB();
    }
    return dense ? gemm : gemm.leadingDimensions(lda, ldb, ldc);
  }

  @Override
  public String toString() {
    return "%d×%d×%d %s%s α %s β %s ld %d %d %d offsets %d %d %d batch %d: %d %d %d %s"
        .formatted(
            m,
            k,
            n,
            transA == Transpose.NO ? "N" : "T",
            transB == Transpose.NO ? "N" : "T",
            alpha,
            beta,
            lda,
            ldb,
            ldc,
            aOffset,
            bOffset,
            cOffset,
            batch,
            aStride,
            bStride,
            cStride,
            epilogue);
  }
}
