package org.lanewise.kernels.cases;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;

/** Products of matrices and of batches of them, with every epilogue. */
final class ProductOpCases {
  private ProductOpCases() {}

  static void addTo(List<OpCase> cases) {
    for (Transpose transA : Transpose.values()) {
      for (Transpose transB : Transpose.values()) {
        for (Epilogue epilogue :
            List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RELU, Epilogue.BIAS_RELU)) {
          ProductOp.Gemm op = new ProductOp.Gemm(transA, transB, 0.5f, epilogue);
          cases.add(product(op, Shape.of(), 67, 70, 41));
        }
        Epilogue all = Epilogue.of(Epilogue.Bias.COLUMN, Epilogue.Function.GELU).withResidual();
        batches(cases, new ProductOp.Gemm(transA, transB, 0.5f, all));
        ProductOp.Gemm ofNothing = new ProductOp.Gemm(transA, transB, 0f, Epilogue.BIAS);
        cases.add(product(ofNothing, Shape.of(5), 9, 8, 7));
      }
    }
    for (Epilogue epilogue : epilogues()) {
      ProductOp.Gemm op = new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, epilogue);
      cases.add(product(op, Shape.of(), 37, 50, 21));
    }
    for (Transpose transB : Transpose.values()) {
      sharedRight(cases, new ProductOp.Gemm(Transpose.NO, transB, 1f, Epilogue.BIAS_RELU));
    }
  }

  /** Every function, with and without a bias and a residual. */
  private static List<Epilogue> epilogues() {
    List<Epilogue> all = new ArrayList<>();
    for (Epilogue.Function function : Epilogue.Function.values()) {
      for (Epilogue.Bias bias : List.of(Epilogue.Bias.NONE, Epilogue.Bias.COLUMN)) {
        if (function != Epilogue.Function.CLAMP) {
          all.add(Epilogue.of(bias, function));
          all.add(Epilogue.of(bias, function).withResidual());
        }
      }
    }
    return all;
  }

  private static void batches(List<OpCase> cases, ProductOp.Gemm op) {
    cases.add(product(op, Shape.of(7), 5, 3, 2));
    cases.add(product(op, Shape.of(2, 3), 67, 70, 41));
    cases.add(product(op, Shape.of(2), 67, 70, 520));
    cases.add(product(op, Shape.of(2), 1, 1000, 600));
    cases.add(product(op, Shape.of(0), 4, 5, 6));
    cases.add(product(op, Shape.of(2), 4, 5, 0));
  }

  private static void sharedRight(List<OpCase> cases, ProductOp.Gemm op) {
    List<TensorType> inputs = new ArrayList<>(product(op, Shape.of(), 5, 33, 20).inputs());
    inputs.set(0, matrices(Shape.of(2, 3), 5, 20));
    cases.add(new OpCase(op, 0, inputs));
  }

  private static OpCase product(ProductOp.Gemm op, Shape batch, long m, long n, long k) {
    List<TensorType> inputs = new ArrayList<>();
    inputs.add(op.transA() == Transpose.NO ? matrices(batch, m, k) : matrices(batch, k, m));
    inputs.add(op.transB() == Transpose.NO ? matrices(batch, k, n) : matrices(batch, n, k));
    if (op.epilogue().hasBias()) {
      inputs.add(TensorType.f32(n));
    }
    if (op.epilogue().residual()) {
      inputs.add(matrices(batch, m, n));
    }
    return new OpCase(op, 0, inputs);
  }

  private static TensorType matrices(Shape batch, long rows, long columns) {
    return new TensorType(DType.F32, batch.append(rows).append(columns));
  }
}
