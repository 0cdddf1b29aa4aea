package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The gradient rules of convolution and pooling. */
final class ImageGradients {
  private ImageGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(ConvolutionOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case ConvolutionOp.Convolution op -> convolution(op, node, gradients);
      case ConvolutionOp.TransposedConvolution op -> transposed(op, node, gradients);
    }
  }

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(PoolingOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case PoolingOp.MaxPooling _ -> maxPooling(node, gradients);
      case PoolingOp.AveragePooling op -> averagePooling(op, node, gradients);
    }
  }

  private static void convolution(ConvolutionOp.Convolution op, Node node, Gradients gradients) {
    Value x = node.input(0);
    Value weight = node.input(1);
    Value dy = ProductGradients.beforeFunction(op.epilogue().function(), node, gradients);
    if (op.epilogue().hasBias()) {
      gradients.write(new ConvolutionOp.ConvolutionBiasGradient(), List.of(dy), node.input(2));
    }
    gradients.write(
        new ConvolutionOp.ConvolutionWeightGradient(op.window(), op.groups()),
        List.of(x, dy),
        weight);
    Shape shape = x.type().shape();
    gradients.write(
        new ConvolutionOp.TransposedConvolution(
            op.window(), op.groups(), shape.dimension(2), shape.dimension(3)),
        List.of(dy, weight),
        x);
  }

  /** The weight gradient of the convolution whose gradient would go the other way. */
  private static void transposed(
      ConvolutionOp.TransposedConvolution op, Node node, Gradients gradients) {
    Value x = node.input(0);
    Value weight = node.input(1);
    Value dy = gradients.ofResult();
    gradients.write(
        new ConvolutionOp.ConvolutionWeightGradient(op.window(), op.groups()),
        List.of(dy, x),
        weight);
    gradients.write(
        new ConvolutionOp.Convolution(op.window(), op.groups(), Epilogue.NONE),
        List.of(dy, weight),
        x);
  }

  private static void maxPooling(Node node, Gradients gradients) {
    Value x = node.input(0);
    Shape shape = x.type().shape();
    gradients.write(
        new PoolingOp.MaxPoolingBackward(shape.dimension(2), shape.dimension(3)),
        List.of(gradients.ofResult(), node.output(1)),
        x);
  }

  private static void averagePooling(PoolingOp.AveragePooling op, Node node, Gradients gradients) {
    Value x = node.input(0);
    Shape shape = x.type().shape();
    gradients.write(
        new PoolingOp.AveragePoolingBackward(
            op.window(), op.countPadding(), shape.dimension(2), shape.dimension(3)),
        List.of(gradients.ofResult()),
        x);
  }
}
