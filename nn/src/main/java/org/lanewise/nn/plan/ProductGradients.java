package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.nn.plan.Gradients.Target;

/** The gradient rules of products. */
final class ProductGradients {
  private ProductGradients() {}

  static void gemm(ProductOp.Gemm op, Node node, Gradients gradients) {
    Value a = node.inputs().get(0);
    Value b = node.inputs().get(1);
    Value dc = gradients.gradientOf(node);
    if (op.epilogue().hasRelu()) { // in place, as nothing else reads the gradient of C
      gradients.add(
          new ActivationOp.ActivateBackward(Activation.RELU, false),
          List.of(node.result(), dc),
          new Target(dc, false, dc));
    }
    if (op.epilogue().hasBias() && gradients.isDifferentiable(node.inputs().get(2))) {
      Target dBias = gradients.target(node.inputs().get(2));
      gradients.add(new ReductionOp.ColumnSums(dBias.accumulate()), List.of(dc), dBias);
    }
    if (gradients.isDifferentiable(b)) {
      Target db = gradients.target(b);
      if (op.transB() == Transpose.NO) {
        add(op, flip(op.transA()), a, Transpose.NO, dc, db, gradients);
      } else {
        add(op, Transpose.YES, dc, op.transA(), a, db, gradients);
      }
    }
    if (gradients.isDifferentiable(a)) {
      Target da = gradients.target(a);
      if (op.transA() == Transpose.NO) {
        add(op, Transpose.NO, dc, flip(op.transB()), b, da, gradients);
      } else {
        add(op, op.transB(), b, Transpose.YES, dc, da, gradients);
      }
    }
  }

  /** Adds {@code α · op(left) · op(right)}. */
  private static void add(
      ProductOp.Gemm forward,
      Transpose transLeft,
      Value left,
      Transpose transRight,
      Value right,
      Target target,
      Gradients gradients) {
    gradients.add(
        new ProductOp.Gemm(
            transLeft, transRight, forward.alpha(), target.accumulate(), Epilogue.NONE),
        List.of(left, right),
        target);
  }

  private static Transpose flip(Transpose transpose) {
    return transpose == Transpose.NO ? Transpose.YES : Transpose.NO;
  }
}
