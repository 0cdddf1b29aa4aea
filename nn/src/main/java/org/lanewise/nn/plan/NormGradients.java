package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.nn.plan.Gradients.Target;

/**
 * The gradient rules of normalization. An op that writes several gradients also writes those that
 * nobody asked for.
 */
final class NormGradients {
  private NormGradients() {}

  static void layerNorm(Node node, Gradients gradients) {
    Value x = node.inputs().get(0);
    Value weight = node.inputs().get(1);
    Value bias = node.inputs().get(2);
    Value mean = node.outputs().get(1);
    Value rstd = node.outputs().get(2);
    Value dy = gradients.gradientOf(node);
    if (gradients.isDifferentiable(weight) || gradients.isDifferentiable(bias)) {
      Target dWeight = gradients.target(weight);
      Target dBias = gradients.target(bias);
      gradients.add(
          new NormOp.LayerNormParameterGradients(dWeight.accumulate(), dBias.accumulate()),
          List.of(x, mean, rstd, dy),
          dWeight,
          dBias);
    }
    if (gradients.isDifferentiable(x)) {
      Target dx = gradients.target(x);
      gradients.add(
          new NormOp.LayerNormBackward(dx.accumulate()), List.of(x, weight, mean, rstd, dy), dx);
    }
  }

  static void rmsNorm(Node node, Gradients gradients) {
    Value x = node.inputs().get(0);
    Value weight = node.inputs().get(1);
    Value rstd = node.outputs().get(1);
    Value dy = gradients.gradientOf(node);
    if (gradients.isDifferentiable(weight)) {
      Target dWeight = gradients.target(weight);
      gradients.add(
          new NormOp.RmsNormParameterGradients(dWeight.accumulate()),
          List.of(x, rstd, dy),
          dWeight);
    }
    if (gradients.isDifferentiable(x)) {
      Target dx = gradients.target(x);
      gradients.add(new NormOp.RmsNormBackward(dx.accumulate()), List.of(x, weight, rstd, dy), dx);
    }
  }

  static void batchNorm(NormOp.BatchNorm op, Node node, Gradients gradients) {
    Value x = node.inputs().get(0);
    Value weight = node.inputs().get(1);
    Value mean = op.training() ? node.outputs().get(1) : node.inputs().get(3);
    Value rstd = node.outputs().getLast();
    Value dy = gradients.gradientOf(node);
    Target dx = gradients.target(x);
    Target dWeight = gradients.target(weight);
    Target dBias = gradients.target(node.inputs().get(2));
    gradients.add(
        new NormOp.BatchNormBackward(
            op.training(), dx.accumulate(), dWeight.accumulate(), dBias.accumulate()),
        List.of(x, weight, mean, rstd, dy),
        dx,
        dWeight,
        dBias);
  }
}
