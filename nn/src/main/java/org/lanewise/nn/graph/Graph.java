package org.lanewise.nn.graph;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.lanewise.kernels.op.Cost;

/**
 * What a function of named tensors computes: ops in the order in which they run, on values. Made by
 * a {@link GraphBuilder}.
 *
 * @param inputs what the caller gives before each run, by name
 * @param parameters the weights that are read, by name
 * @param states what is kept from run to run, by name
 * @param constants their elements
 * @param nodes the ops in order
 * @param outputs what the caller may read after a run, by name
 * @param updates the values that replace states after a run
 * @param recomputed the parts that are to be computed again for their gradients
 */
public record Graph(
    SequencedMap<String, Value> inputs,
    SequencedMap<String, Value> parameters,
    SequencedMap<String, Value> states,
    SequencedMap<Value, MemorySegment> constants,
    List<Node> nodes,
    SequencedMap<String, Value> outputs,
    SequencedMap<Value, Value> updates,
    List<Recomputed> recomputed) {
  /** A graph of copies. */
  public Graph {
    inputs = copy(inputs);
    parameters = copy(parameters);
    states = copy(states);
    constants = copy(constants);
    nodes = List.copyOf(nodes);
    outputs = copy(outputs);
    updates = copy(updates);
    recomputed = List.copyOf(recomputed);
  }

  private static <K, V> SequencedMap<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
  }

  /**
   * An output by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Value output(String name) {
    return named("output", outputs, name);
  }

  /**
   * An input by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Value input(String name) {
    return named("input", inputs, name);
  }

  private static Value named(String kind, Map<String, Value> values, String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "no %s is called '%s': there are %s".formatted(kind, name, values.keySet()));
    }
    return value;
  }

  /** The nodes that values depend on, in order. */
  public List<Node> nodesFor(Collection<Value> values) {
    Set<Value> needed = new HashSet<>(values);
    List<Node> found = new ArrayList<>();
    for (Node node : nodes.reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(node.inputs());
        found.add(node);
      }
    }
    return found.reversed();
  }

  /** What a run costs. */
  public Cost cost() {
    return nodes.stream().map(Node::cost).reduce(Cost.ZERO, Cost::plus);
  }

  /** The same graph with other nodes on its values. */
  public Graph withNodes(List<Node> others) {
    return new Graph(inputs, parameters, states, constants, others, outputs, updates, recomputed);
  }

  /** A builder that starts with what this graph has. */
  public GraphBuilder toBuilder() {
    return new GraphBuilder(this);
  }
}
