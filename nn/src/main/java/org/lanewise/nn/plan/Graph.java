package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.TensorType;

/** Ops in the order in which they run. Shapes are checked when an op is added. */
public final class Graph {
  private final List<Value> parameters = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  /** An empty graph. */
  public Graph() {}

  /** A tensor that the caller fills before each run. */
  public Value input(String name, TensorType type) {
    return new Value(name, type, Value.Kind.INPUT);
  }

  /** A trained tensor. Parameters are stored in the order of these calls. */
  public Value parameter(String name, TensorType type) {
    Value parameter = new Value(name, type, Value.Kind.PARAMETER);
    parameters.add(parameter);
    return parameter;
  }

  /**
   * Adds an op that computes new values.
   *
   * @throws ShapeException if the op does not take such inputs
   */
  public Node add(Op op, List<Value> inputs) {
    List<Value> outputs =
        ShapeRule.outputs(op, inputs.stream().map(Value::type).toList()).stream()
            .map(type -> new Value(op.name(), type, Value.Kind.COMPUTED))
            .toList();
    return add(op, inputs, outputs);
  }

  /**
   * Adds an op that writes existing values: in place, or accumulating.
   *
   * @throws ShapeException if the op does not take such operands
   */
  public Node add(Op op, List<Value> inputs, List<Value> outputs) {
    ShapeRule.check(
        op, inputs.stream().map(Value::type).toList(), outputs.stream().map(Value::type).toList());
    Node node = new Node(op, inputs, outputs);
    nodes.add(node);
    return node;
  }

  /** All parameters, in order. */
  public List<Value> parameters() {
    return Collections.unmodifiableList(parameters);
  }

  /** All ops, in order. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** Replaces all ops by others on the same values. */
  void replaceNodes(List<Node> replacement) {
    List<Node> copy = List.copyOf(replacement);
    nodes.clear();
    nodes.addAll(copy);
  }
}
