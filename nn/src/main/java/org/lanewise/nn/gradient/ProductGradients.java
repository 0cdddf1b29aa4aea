package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * The gradient rules of products: of {@code C = A·B}, {@code dA = dC·Bᵀ} and {@code dB = Aᵀ·dC}.
 */
final class ProductGradients {
  private ProductGradients() {}

  static void gemm(ProductOp.Gemm op, Node node, Gradients gradients) {
    Value a = node.input(0);
    Value b = node.input(1);
    Value dc =
        op.epilogue().hasRelu()
            ? gradients.compute(
                new ActivationOp.ActivateBackward(Activation.RELU),
                node.result(),
                gradients.ofResult())
            : gradients.ofResult();
    if (op.epilogue().hasBias()) {
      gradients.write(new ReductionOp.ColumnSums(), List.of(dc), node.input(2));
    }
    if (op.transB() == Transpose.NO) {
      product(op, flip(op.transA()), a, Transpose.NO, dc, b, gradients);
    } else {
      product(op, Transpose.YES, dc, op.transA(), a, b, gradients);
    }
    if (op.transA() == Transpose.NO) {
      product(op, Transpose.NO, dc, flip(op.transB()), b, a, gradients);
    } else {
      product(op, op.transB(), b, Transpose.YES, dc, a, gradients);
    }
  }

  /** Contributes {@code α · op(left) · op(right)}. */
  private static void product(
      ProductOp.Gemm forward,
      Transpose transLeft,
      Value left,
      Transpose transRight,
      Value right,
      Value of,
      Gradients gradients) {
    gradients.write(
        new ProductOp.Gemm(transLeft, transRight, forward.alpha(), Epilogue.NONE),
        List.of(left, right),
        of);
  }

  private static Transpose flip(Transpose transpose) {
    return transpose == Transpose.NO ? Transpose.YES : Transpose.NO;
  }
}
