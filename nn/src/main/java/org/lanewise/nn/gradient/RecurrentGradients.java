package org.lanewise.nn.gradient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * The gradient rules of recurrent layers: one op goes back through the times, and then weight and
 * bias have theirs from all times at once, {@code dW = Gᵀ·H} and the sum of the rows of G.
 */
final class RecurrentGradients {
  private RecurrentGradients() {}

  /** Appends the ops that contribute to the gradients of a node's inputs. */
  static void apply(RecurrentOp.Forward forward, Node node, Gradients gradients) {
    switch (forward) {
      case RecurrentOp.Lstm op -> lstm(op, node, gradients);
      case RecurrentOp.Gru op -> gru(op, node, gradients);
    }
  }

  private static void lstm(RecurrentOp.Lstm op, Node node, Gradients gradients) {
    Optional<Value> dy = gradients.ofResult(0);
    Optional<Value> dhN = gradients.ofResult(1);
    Optional<Value> dcN = gradients.ofResult(2);
    List<Value> inputs = new ArrayList<>();
    inputs.add(node.output(3)); // activations
    inputs.add(node.output(4)); // cells
    addStates(node, inputs);
    List.of(dy, dhN, dcN).forEach(gradient -> gradient.ifPresent(inputs::add));
    List<Value> outputs =
        gradients.computeAll(
            new RecurrentOp.LstmBackward(
                op.reverse(),
                op.hasState(),
                op.hasLengths(),
                dy.isPresent(),
                dhN.isPresent(),
                dcN.isPresent()),
            inputs);
    Value dGates = outputs.get(0);
    parameters(node, dGates, outputs.get(3), gradients);
    gradients.pass(dGates, node.input(0));
    if (op.hasState()) {
      gradients.pass(outputs.get(1), node.input(3));
      gradients.pass(outputs.get(2), node.input(4));
    }
  }

  private static void gru(RecurrentOp.Gru op, Node node, Gradients gradients) {
    Optional<Value> dy = gradients.ofResult(0);
    Optional<Value> dhN = gradients.ofResult(1);
    List<Value> inputs = new ArrayList<>();
    inputs.add(node.output(2)); // activations
    inputs.add(node.output(3)); // candidates
    addStates(node, inputs);
    List.of(dy, dhN).forEach(gradient -> gradient.ifPresent(inputs::add));
    List<Value> outputs =
        gradients.computeAll(
            new RecurrentOp.GruBackward(
                op.reverse(), op.hasState(), op.hasLengths(), dy.isPresent(), dhN.isPresent()),
            inputs);
    Value dProducts = outputs.get(1);
    parameters(node, dProducts, outputs.get(3), gradients);
    gradients.pass(outputs.get(0), node.input(0));
    if (op.hasState()) {
      gradients.pass(outputs.get(2), node.input(3));
    }
  }

  /** Adds y, the weight, and the initial states and lengths that there are. */
  private static void addStates(Node node, List<Value> inputs) {
    inputs.add(node.result());
    inputs.add(node.input(1));
    inputs.addAll(node.inputs().subList(3, node.inputs().size()));
  }

  private static void parameters(Node node, Value ofProducts, Value previous, Gradients gradients) {
    Value weight = node.input(1);
    Value bias = node.input(2);
    if (gradients.isDifferentiable(weight) || gradients.isDifferentiable(bias)) {
      Value rows = ProductGradients.rows(ofProducts, gradients);
      gradients.write(
          new ProductOp.Gemm(Transpose.YES, Transpose.NO, 1f, Epilogue.NONE),
          List.of(rows, ProductGradients.rows(previous, gradients)),
          weight);
      gradients.write(new ReductionOp.ColumnSums(), List.of(rows), bias);
    }
  }
}
