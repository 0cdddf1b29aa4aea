package org.lanewise.nn.plan;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** The phase of a training step that each node of a graph belongs to. */
public final class Phases {
  /** The phase of what outputs and states depend on. */
  public static final String FORWARD = "forward";

  /** The phase of what gradients alone depend on. */
  public static final String BACKWARD = "backward";

  /** The phase of what changes the weights. */
  public static final String UPDATE = "update";

  private Phases() {}

  /**
   * Tells what is computed for gradients alone from the rest.
   *
   * @param gradients the outputs that are gradients
   */
  public static Function<Node, String> of(Graph graph, Set<Value> gradients) {
    Map<Value, Node> writers = new HashMap<>();
    graph
        .nodes()
        .forEach(node -> node.outputs().forEach(value -> writers.putIfAbsent(value, node)));
    Deque<Value> needed = new ArrayDeque<>(graph.outputs().values());
    needed.removeIf(gradients::contains);
    needed.addAll(graph.updates().values());
    Set<Node> forward = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Value> seen = new HashSet<>();
    while (!needed.isEmpty()) {
      Value value = needed.pop();
      if (seen.add(value) && writers.containsKey(value)) {
        Node writer = writers.get(value);
        forward.add(writer);
        needed.addAll(writer.inputs());
      }
    }
    return node -> forward.contains(node) ? FORWARD : BACKWARD;
  }
}
