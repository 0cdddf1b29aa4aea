package org.lanewise.nn.plan;

import java.util.List;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Op;

/** An op applied to values of a graph. */
public record Node(Op op, List<Value> inputs, List<Value> outputs) {
  /** A node with copies of the given lists. */
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The first output, which is the op's result. */
  public Value result() {
    return outputs.getFirst();
  }

  /** What running it once costs. */
  public Cost cost() {
    return Cost.of(op, inputs.stream().map(Value::type).toList());
  }
}
