package org.lanewise.nn.graph;

import java.util.List;
import java.util.Objects;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;

/**
 * An op applied to values of a graph.
 *
 * @param layer the path of the layer that applies it, such as {@code blocks.3.norm1}, or nothing
 * @param outputs the values that it writes, the first of which is the op's result
 */
public record Node(String layer, Op op, List<Value> inputs, List<Write> outputs) {
  /** A node with copies of the given lists. */
  public Node {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(op, "op");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** An input. */
  public Value input(int index) {
    return inputs.get(index);
  }

  /** A value that is written. */
  public Value output(int index) {
    return outputs.get(index).value();
  }

  /** The first output, which is the op's result. */
  public Value result() {
    return output(0);
  }

  /** The types of the inputs. */
  public List<TensorType> inputTypes() {
    return inputs.stream().map(Value::type).toList();
  }

  /** The types of the outputs. */
  public List<TensorType> outputTypes() {
    return outputs.stream().map(write -> write.value().type()).toList();
  }

  /** What running it once costs. */
  public Cost cost() {
    return Cost.of(op, inputTypes());
  }
}
