package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;

/** Matrix products. */
public sealed interface ProductOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends ProductOp, Op.Forward {}

  /**
   * Elements of the depth that are summed, from 0 and in order, before C is updated. Part of the
   * numeric contract: it decides the bits of a product.
   */
  int DEPTH_BLOCK = 512;

  /**
   * {@code C = epilogue(α · op(A) · op(B))} of matrices, or of batches of them.
   *
   * <p>Inputs: A, B, and as the epilogue has them the bias [n] and a residual of C's shape. Output:
   * C […, m, n], where op(A) is […, m, k], and op(B) is either […, k, n] with the same leading
   * axes, or [k, n] for all A, which are then not transposed.
   *
   * @param epilogue of which the gradient is known if that of its function comes from C
   */
  record Gemm(Transpose transA, Transpose transB, float alpha, Epilogue epilogue)
      implements Forward, Op.WithEpilogue {
    /**
     * A product.
     *
     * @throws IllegalArgumentException if the epilogue has a bias for each row, or clamps
     */
    public Gemm {
      Objects.requireNonNull(transA, "transA");
      Objects.requireNonNull(transB, "transB");
      if (epilogue.bias() == Epilogue.Bias.ROW || epilogue.function() == Epilogue.Function.CLAMP) {
        throw new IllegalArgumentException(
            "a product has no bias for each row and no bounds but is given " + epilogue);
      }
    }

    @Override
    public Gemm withEpilogue(Epilogue epilogue) {
      return new Gemm(transA, transB, alpha, epilogue);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      in.count(2 + (epilogue.hasBias() ? 1 : 0) + (epilogue.residual() ? 1 : 0));
      Shape a = in.f32(0, "A", 2).shape();
      ProductShape product = ProductShape.of(this, a, in.f32(1, "B", 2).shape());
      if (epilogue.hasBias()) {
        in.type(2, "bias", TensorType.f32(product.n()));
      }
      Shape leading = a.withoutLast().withoutLast();
      long m = a.dimension(transA == Transpose.NO ? a.rank() - 2 : a.rank() - 1);
      TensorType c = TensorType.f32(leading.append(m).append(product.n()));
      if (epilogue.residual()) {
        in.type(epilogue.hasBias() ? 3 : 2, "residual", c);
      }
      return List.of(c);
    }

    @Override
    public String label() {
      return "%s %s%s".formatted(name(), letter(transA), letter(transB));
    }

    private static String letter(Transpose transpose) {
      return transpose == Transpose.NO ? "N" : "T";
    }

    @Override
    public Effects effects() {
      return Effects.reads("A", "B")
          .readsIf(epilogue.hasBias(), "bias")
          .readsIf(epilogue.residual(), "residual")
          .adds("C");
    }

    @Override
    public long flops(Inputs in) {
      ProductShape product = ProductShape.of(this, in.shape(0), in.shape(1));
      return 2 * product.batch() * product.m() * product.n() * product.k();
    }
  }
}
