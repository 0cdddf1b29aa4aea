package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;

/** Matrix products. */
public sealed interface ProductOp extends Op {
  /**
   * Elements of the depth that are summed, from 0 and in order, before C is updated. Part of the
   * numeric contract: it decides the bits of a product.
   */
  int DEPTH_BLOCK = 512;

  /**
   * {@code C = epilogue(α · op(A) · op(B))}.
   *
   * <p>Inputs: A, B, and the bias [n] if the epilogue has one. Output: C [m, n], where op(A) is [m,
   * k] and op(B) is [k, n].
   */
  record Gemm(Transpose transA, Transpose transB, float alpha, Epilogue epilogue)
      implements ProductOp, Op.Forward {
    /**
     * @throws IllegalArgumentException if the epilogue has more than a bias for each column and
     *     ReLU
     */
    public Gemm {
      Objects.requireNonNull(transA, "transA");
      Objects.requireNonNull(transB, "transB");
      Epilogue known =
          Epilogue.of(
              epilogue.bias(),
              epilogue.hasRelu() ? Epilogue.Function.RELU : Epilogue.Function.NONE);
      if (!epilogue.equals(known) || epilogue.bias() == Epilogue.Bias.ROW) {
        throw new IllegalArgumentException("no gradient is known for " + epilogue);
      }
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      in.count(epilogue.hasBias() ? 3 : 2);
      Shape a = in.matrix(0, "A");
      Shape b = in.matrix(1, "B");
      long m = a.dimension(transA == Transpose.NO ? 0 : 1);
      long k = a.dimension(transA == Transpose.NO ? 1 : 0);
      long n = b.dimension(transB == Transpose.NO ? 1 : 0);
      if (k != b.dimension(transB == Transpose.NO ? 0 : 1)) {
        throw new ShapeException(
            "Gemm: inner dimensions differ: A is %s%s, B is %s%s"
                .formatted(a, suffix(transA), b, suffix(transB)));
      }
      if (epilogue.hasBias()) {
        in.type(2, "bias", TensorType.f32(n));
      }
      return List.of(TensorType.f32(m, n));
    }

    @Override
    public String label() {
      return "%s %s%s".formatted(name(), letter(transA), letter(transB));
    }

    private static String letter(Transpose transpose) {
      return transpose == Transpose.NO ? "N" : "T";
    }

    private static String suffix(Transpose transpose) {
      return transpose == Transpose.NO ? "" : " transposed";
    }

    @Override
    public Effects effects() {
      return Effects.reads("A", "B").readsIf(epilogue.hasBias(), "bias").adds("C");
    }

    @Override
    public long flops(Inputs in) {
      long k = in.shape(0).dimension(transA == Transpose.NO ? 1 : 0);
      return 2 * k * outputs(in).getFirst().shape().size();
    }
  }
}
