package org.lanewise.nn.gradient;

import java.util.List;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Op;
import org.lanewise.nn.DifferentiableOp;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The gradient rule of ops that users bring: the op, or the operations, that they say. */
final class CustomGradients {
  private CustomGradients() {}

  static void custom(Op.Custom op, Node node, Gradients gradients) {
    Value[] of =
        node.inputs().stream()
            .filter(input -> input.type().dtype().isFloat())
            .toArray(Value[]::new);
    List<Value> ofResults = gradients.ofResults();
    if (op instanceof DifferentiableOp) {
      List<Value> appended = gradients.operations(ofResults);
      for (int i = 0; i < of.length; i++) {
        gradients.pass(appended.get(i), of[i]);
      }
    } else {
      List<Value> operands =
          Stream.of(node.inputs(), node.outputs(), ofResults).flatMap(List::stream).toList();
      gradients.write(gradient(op), operands, of);
    }
  }

  private static Op gradient(Op.Custom op) {
    return op.gradient()
        .orElseThrow(
            () -> new IllegalArgumentException("no gradient of " + op.name() + " is known"));
  }
}
