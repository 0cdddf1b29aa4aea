package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The gradient rules of normalization. */
final class NormGradients {
  private NormGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(NormOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case NormOp.LayerNorm _ -> layerNorm(node, gradients);
      case NormOp.RmsNorm _ -> rmsNorm(node, gradients);
      case NormOp.BatchNorm op -> batchNorm(op, node, gradients);
      case NormOp.GroupNorm op -> groupNorm(op, node, gradients);
    }
  }

  private static void layerNorm(Node node, Gradients gradients) {
    Value x = node.input(0);
    Value weight = node.input(1);
    Value bias = node.input(2);
    Value mean = node.output(1);
    Value rstd = node.output(2);
    Value dy = gradients.ofResult();
    gradients.write(
        new NormOp.LayerNormParameterGradients(), List.of(x, mean, rstd, dy), weight, bias);
    gradients.write(new NormOp.LayerNormBackward(), List.of(x, weight, mean, rstd, dy), x);
  }

  private static void rmsNorm(Node node, Gradients gradients) {
    Value x = node.input(0);
    Value weight = node.input(1);
    Value rstd = node.output(1);
    Value dy = gradients.ofResult();
    gradients.write(new NormOp.RmsNormParameterGradients(), List.of(x, rstd, dy), weight);
    gradients.write(new NormOp.RmsNormBackward(), List.of(x, weight, rstd, dy), x);
  }

  private static void batchNorm(NormOp.BatchNorm op, Node node, Gradients gradients) {
    Value x = node.input(0);
    Value weight = node.input(1);
    Value mean = op.training() ? node.output(2) : node.input(3);
    Value rstd = node.output(1);
    gradients.write(
        new NormOp.BatchNormBackward(op.training()),
        List.of(x, weight, mean, rstd, gradients.ofResult()),
        x,
        weight,
        node.input(2));
  }

  private static void groupNorm(NormOp.GroupNorm op, Node node, Gradients gradients) {
    Value x = node.input(0);
    Value weight = node.input(1);
    Value bias = node.input(2);
    Value mean = node.output(1);
    Value rstd = node.output(2);
    Value dy = gradients.ofResult();
    gradients.write(
        new NormOp.GroupNormParameterGradients(op.groups()),
        List.of(x, mean, rstd, dy),
        weight,
        bias);
    gradients.write(
        new NormOp.GroupNormBackward(op.groups()), List.of(x, weight, mean, rstd, dy), x);
  }
}
