package org.lanewise.nn.gradient;

import java.util.List;
import org.lanewise.kernels.op.Op;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/**
 * A graph whose gradient rules are tested.
 *
 * @param inputs what is given beside the parameters; i32 ones are random in 0..3
 * @param output a loss, or a tensor whose gradient is given
 */
record GraphCase(String name, GraphBuilder graph, List<Value> inputs, Value output) {
  /** A single op; all its inputs of f32 are parameters. */
  static GraphCase of(Op op, GraphBuilder graph, List<Value> operands) {
    List<Value> given = operands.stream().filter(v -> v.kind() == Value.Kind.INPUT).toList();
    return new GraphCase(op.toString(), graph, given, graph.add("", op, operands).result());
  }

  @Override
  public String toString() {
    return name;
  }
}
