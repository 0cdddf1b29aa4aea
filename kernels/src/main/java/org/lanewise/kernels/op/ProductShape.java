package org.lanewise.kernels.op;

/**
 * The sizes of a batch of matrix products, whose matrices lie one after the other: each op(A) is
 * [m, k], op(B) is [k, n] and C is [m, n]. Where all share B, the rows of all A are those of one
 * matrix.
 */
public record ProductShape(long batch, long m, long n, long k) {
  /**
   * The sizes for the shapes of A and B.
   *
   * @throws ShapeException if they cannot be multiplied
   */
  public static ProductShape of(ProductOp.Gemm op, Shape a, Shape b) {
    int axis = a.rank() - 2;
    int bAxis = b.rank() - 2;
    long m = a.dimension(op.transA() == Transpose.NO ? axis : axis + 1);
    long k = a.dimension(op.transA() == Transpose.NO ? axis + 1 : axis);
    long n = b.dimension(op.transB() == Transpose.NO ? bAxis + 1 : bAxis);
    if (k != b.dimension(op.transB() == Transpose.NO ? bAxis : bAxis + 1)) {
      throw mismatch("inner dimensions differ", op, a, b);
    }
    long batch = a.size(0, axis);
    if (bAxis == 0 && axis > 0) {
      if (op.transA() == Transpose.YES) {
        throw mismatch("transposed matrices cannot share B", op, a, b);
      }
      return new ProductShape(1, batch * m, n, k);
    }
    if (!leading(a).equals(leading(b))) {
      throw mismatch("leading axes differ", op, a, b);
    }
    return new ProductShape(batch, m, n, k);
  }

  /** The same without anything to sum. */
  public ProductShape withoutDepth() {
    return new ProductShape(batch, m, n, 0);
  }

  private static Shape leading(Shape shape) {
    return shape.withoutLast().withoutLast();
  }

  private static ShapeException mismatch(String what, ProductOp.Gemm op, Shape a, Shape b) {
    return new ShapeException(
        "Gemm: %s: A is %s%s, B is %s%s"
            .formatted(what, a, suffix(op.transA()), b, suffix(op.transB())));
  }

  private static String suffix(Transpose transpose) {
    return transpose == Transpose.NO ? "" : " transposed";
  }
}
