package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * The gradient rules of products: of {@code C = A·B}, {@code dA = dC·Bᵀ} and {@code dB = Aᵀ·dC},
 * each for the matrices of a batch. Of a B that they share, it is one product of all their rows.
 */
final class ProductGradients {
  private ProductGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(ProductOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case ProductOp.Gemm op -> gemm(op, node, gradients);
    }
  }

  private static void gemm(ProductOp.Gemm op, Node node, Gradients gradients) {
    Value a = node.input(0);
    Value b = node.input(1);
    Value dc = beforeFunction(op.epilogue().function(), node, gradients);
    if (op.epilogue().residual()) {
      gradients.pass(dc, node.inputs().getLast());
    }
    if (op.epilogue().hasBias() && gradients.isDifferentiable(node.input(2))) {
      gradients.write(new ReductionOp.ColumnSums(), List.of(rows(dc, gradients)), node.input(2));
    }
    if (gradients.isDifferentiable(b)) {
      boolean isShared = rank(b) < rank(a); // by all matrices, whose rows are then one's
      Value left = isShared ? rows(a, gradients) : a;
      Value right = isShared ? rows(dc, gradients) : dc;
      if (op.transB() == Transpose.NO) {
        product(op, flip(op.transA()), left, Transpose.NO, right, b, gradients);
      } else {
        product(op, Transpose.YES, right, op.transA(), left, b, gradients);
      }
    }
    if (op.transA() == Transpose.NO) {
      product(op, Transpose.NO, dc, flip(op.transB()), b, a, gradients);
    } else {
      product(op, op.transB(), b, Transpose.YES, dc, a, gradients);
    }
  }

  /** The gradient of what a function is applied to, from its result. */
  static Value beforeFunction(Epilogue.Function function, Node node, Gradients gradients) {
    if (function == Epilogue.Function.NONE) {
      return gradients.ofResult();
    }
    Activation activation = function.activation().orElseThrow();
    if (activation.gradient() == Activation.Gradient.FROM_INPUT) {
      throw new IllegalArgumentException(
          "%s: no gradient is known with %s, whose argument is not kept"
              .formatted(node.op().name(), function));
    }
    return gradients.compute(
        new ActivationOp.ActivateBackward(activation), node.result(), gradients.ofResult());
  }

  /** The rows of all matrices as those of one. */
  static Value rows(Value matrices, Gradients gradients) {
    Shape shape = matrices.type().shape();
    long columns = shape.dimension(shape.rank() - 1);
    Shape rows = Shape.of(shape.size(0, shape.rank() - 1), columns);
    return shape.equals(rows) ? matrices : gradients.compute(new LayoutOp.Reshape(rows), matrices);
  }

  private static int rank(Value value) {
    return value.type().shape().rank();
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
