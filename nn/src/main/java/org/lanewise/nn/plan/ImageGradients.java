package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.plan.Gradients.Target;

/** The gradient rules of convolution and pooling. */
final class ImageGradients {
  private ImageGradients() {}

  static void convolution(ConvolutionOp.Convolution op, Node node, Gradients gradients) {
    Value x = node.inputs().get(0);
    Value weight = node.inputs().get(1);
    Value dy = gradients.gradientOf(node);
    if (op.hasBias() && gradients.isDifferentiable(node.inputs().get(2))) {
      Target dBias = gradients.target(node.inputs().get(2));
      gradients.add(
          new ConvolutionOp.ConvolutionBiasGradient(dBias.accumulate()), List.of(dy), dBias);
    }
    if (gradients.isDifferentiable(weight)) {
      Target dWeight = gradients.target(weight);
      gradients.add(
          new ConvolutionOp.ConvolutionWeightGradient(
              op.window(), op.groups(), dWeight.accumulate()),
          List.of(x, dy),
          dWeight);
    }
    if (gradients.isDifferentiable(x)) {
      Target dx = gradients.target(x);
      Shape shape = x.type().shape();
      gradients.add(
          new ConvolutionOp.ConvolutionInputGradient(
              op.window(), op.groups(), shape.dimension(2), shape.dimension(3), dx.accumulate()),
          List.of(dy, weight),
          dx);
    }
  }

  static void maxPooling(Node node, Gradients gradients) {
    Value x = node.inputs().getFirst();
    Target dx = gradients.target(x);
    Shape shape = x.type().shape();
    gradients.add(
        new PoolingOp.MaxPoolingBackward(shape.dimension(2), shape.dimension(3), dx.accumulate()),
        List.of(gradients.gradientOf(node), node.outputs().get(1)),
        dx);
  }

  static void averagePooling(PoolingOp.AveragePooling op, Node node, Gradients gradients) {
    Value x = node.inputs().getFirst();
    Target dx = gradients.target(x);
    Shape shape = x.type().shape();
    gradients.add(
        new PoolingOp.AveragePoolingBackward(
            op.window(),
            op.countPadding(),
            shape.dimension(2),
            shape.dimension(3),
            dx.accumulate()),
        List.of(gradients.gradientOf(node)),
        dx);
  }
}
