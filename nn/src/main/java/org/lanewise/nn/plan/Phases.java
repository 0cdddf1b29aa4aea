package org.lanewise.nn.plan;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
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
    Set<Value> needed = new HashSet<>(graph.outputs().values());
    needed.removeAll(gradients);
    needed.addAll(graph.updates().values());
    Set<Node> forward = Collections.newSetFromMap(new IdentityHashMap<>());
    forward.addAll(graph.nodesFor(needed));
    return node -> forward.contains(node) ? FORWARD : BACKWARD;
  }
}
