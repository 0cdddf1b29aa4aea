package org.lanewise.bench.gemm;

/**
 * The sizes of a product C = op(A) · op(B) of row-major matrices.
 *
 * @param m rows of op(A) and C
 * @param n columns of op(B) and C
 * @param k columns of op(A) and rows of op(B)
 * @param trans which operands are transposed
 * @param lda distance of A's rows in elements
 * @param ldb distance of B's rows in elements
 * @param ldc distance of C's rows in elements
 */
public record Shape(int m, int n, int k, Trans trans, int lda, int ldb, int ldc) {
  /** The largest size: beyond the memory of any machine, if all three are. */
  static final int MAX_SIZE = 1_000_000;

  /** A shape without gaps between rows. */
  public static Shape dense(int m, int n, int k, Trans trans) {
    return padded(m, n, k, trans, 0, 0, 0);
  }

  /** A shape whose rows are so many elements further apart than they need to be. */
  static Shape padded(int m, int n, int k, Trans trans, int padA, int padB, int padC) {
    return new Shape(
        m, n, k, trans, (trans.a() ? m : k) + padA, (trans.b() ? k : n) + padB, n + padC);
  }

  /** Rows of A as stored. */
  int rowsA() {
    return trans.a() ? k : m;
  }

  /** Rows of B as stored. */
  int rowsB() {
    return trans.b() ? n : k;
  }

  /** Floating-point operations of one product. */
  public double flops() {
    return 2.0 * m * n * k;
  }

  /** The sizes as a shapes file has them: M×K×N. */
  String sizes() {
    return m + "×" + k + "×" + n;
  }

  @Override
  public String toString() {
    return sizes() + " " + trans;
  }
}
