package org.lanewise.nn.graph;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/** A graph that is being made. Shapes are checked when an op is added. */
public final class GraphBuilder {
  private final SequencedMap<String, Value> inputs = new LinkedHashMap<>();
  private final SequencedMap<String, Value> parameters = new LinkedHashMap<>();
  private final SequencedMap<String, Value> states = new LinkedHashMap<>();
  private final SequencedMap<Value, MemorySegment> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final SequencedMap<String, Value> outputs = new LinkedHashMap<>();
  private final SequencedMap<Value, Value> updates = new LinkedHashMap<>();
  private final List<Recomputed> recomputed = new ArrayList<>();

  /** An empty graph. */
  public GraphBuilder() {}

  GraphBuilder(Graph graph) {
    inputs.putAll(graph.inputs());
    parameters.putAll(graph.parameters());
    states.putAll(graph.states());
    constants.putAll(graph.constants());
    nodes.addAll(graph.nodes());
    outputs.putAll(graph.outputs());
    updates.putAll(graph.updates());
    recomputed.addAll(graph.recomputed());
  }

  /**
   * A tensor that the caller fills before each run.
   *
   * @throws IllegalArgumentException if another input has that name
   */
  public Value input(String name, TensorType type) {
    return put("input", inputs, name, new Value(name, type, Value.Kind.INPUT));
  }

  /**
   * A weight.
   *
   * @throws IllegalArgumentException if another parameter has that name
   */
  public Value parameter(String name, TensorType type) {
    return put("parameter", parameters, name, new Value(name, type, Value.Kind.PARAMETER));
  }

  /**
   * A tensor that is kept from run to run.
   *
   * @throws IllegalArgumentException if another state has that name
   */
  public Value state(String name, TensorType type) {
    return put("state", states, name, new Value(name, type, Value.Kind.STATE));
  }

  /**
   * A tensor that never changes.
   *
   * @param data its elements, which are used and not copied
   * @throws IllegalArgumentException if the data does not have the type's size
   */
  public Value constant(TensorType type, MemorySegment data) {
    if (data.byteSize() != type.byteSize()) {
      throw new IllegalArgumentException(
          "a constant %s has %d bytes but is given %d"
              .formatted(type, type.byteSize(), data.byteSize()));
    }
    Value constant = new Value("constant", type, Value.Kind.CONSTANT);
    constants.put(constant, data.asReadOnly());
    return constant;
  }

  /** A value that ops are to write. */
  public Value computed(String name, TensorType type) {
    return new Value(name, type, Value.Kind.COMPUTED);
  }

  private static Value put(String kind, Map<String, Value> values, String name, Value value) {
    if (values.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("two %ss are called '%s'".formatted(kind, name));
    }
    return value;
  }

  /**
   * Adds an op that computes new values.
   *
   * @param layer the path of the layer that applies it, or nothing
   * @throws ShapeException if the op does not take such inputs
   */
  public Node add(String layer, Op op, List<Value> inputs) {
    List<Value> outputs =
        ShapeRule.outputs(op, inputs.stream().map(Value::type).toList()).stream()
            .map(type -> computed(op.name(), type))
            .toList();
    return append(new Node(layer, op, inputs, outputs, Write.overwriteAll(outputs.size())));
  }

  /**
   * Adds an op that writes given values.
   *
   * @param layer the path of the layer that applies it, or nothing
   * @param writes for each output, whether it is overwritten or added to
   * @throws ShapeException if the op does not take such operands
   * @throws IllegalArgumentException if it cannot add to an output that is to be added to
   */
  public Node add(
      String layer, Op op, List<Value> inputs, List<Value> outputs, List<Write> writes) {
    Node node = new Node(layer, op, inputs, outputs, writes);
    ShapeRule.check(op, node.inputTypes(), node.outputTypes(), writes);
    return append(node);
  }

  private Node append(Node node) {
    nodes.add(node);
    return node;
  }

  /**
   * Lets the caller read a value after a run.
   *
   * @throws IllegalArgumentException if another output has that name
   */
  public void output(String name, Value value) {
    put("output", outputs, name, value);
  }

  /**
   * Replaces a state after a run. What is to become of it may be another state as it was before.
   *
   * @throws IllegalArgumentException if it is no state, is replaced twice, or the types differ
   */
  public void update(Value state, Value newValue) {
    if (state.kind() != Value.Kind.STATE || !state.type().equals(newValue.type())) {
      throw new IllegalArgumentException(
          "%s cannot be replaced by %s: a state is, by a value of its type"
              .formatted(state, newValue));
    }
    boolean isOtherState = newValue.kind() == Value.Kind.STATE && newValue != state;
    Value kept =
        isOtherState ? add("", ElementwiseOp.Scale.COPY, List.of(newValue)).result() : newValue;
    if (updates.putIfAbsent(state, kept) != null) {
      throw new IllegalArgumentException("state " + state + " is replaced twice");
    }
  }

  /**
   * Lets what the last ops compute be computed again for its gradients.
   *
   * @param from position of the first of these ops
   * @param result what ops to come read of it, which is kept
   */
  public void recompute(int from, Value result) {
    Set<Value> values = new LinkedHashSet<>();
    for (Node node : nodes.subList(from, nodes.size())) {
      values.addAll(node.outputs());
    }
    recomputed.add(new Recomputed(values, result));
  }

  /** All ops so far, in order. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** The graph as it is now. */
  public Graph build() {
    return new Graph(inputs, parameters, states, constants, nodes, outputs, updates, recomputed);
  }
}
