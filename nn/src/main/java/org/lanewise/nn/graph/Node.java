package org.lanewise.nn.graph;

import java.util.List;
import java.util.Objects;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/**
 * An op applied to values of a graph.
 *
 * @param layer the path of the layer that applies it, such as {@code blocks.3.norm1}, or nothing
 * @param outputs the values that it writes, the first of which is the op's result
 * @param writes for each output, whether it is overwritten or added to
 */
public record Node(
    String layer, Op op, List<Value> inputs, List<Value> outputs, List<Write> writes) {
  /** A node with copies of the given lists. */
  public Node {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(op, "op");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    writes = List.copyOf(writes);
  }

  /** An input. */
  public Value input(int index) {
    return inputs.get(index);
  }

  /** A value that is written. */
  public Value output(int index) {
    return outputs.get(index);
  }

  /** Whether an output is added to. */
  public boolean adds(int output) {
    return writes.get(output) == Write.ADD;
  }

  /** Whether an output's elements are read before they are written: it is added to or updated. */
  public boolean changes(int output) {
    return op.effects().output(output).isRead(writes.get(output));
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
    return outputs.stream().map(Value::type).toList();
  }

  /** What running it once costs. */
  public Cost cost() {
    return Cost.of(op, inputTypes(), writes);
  }
}
