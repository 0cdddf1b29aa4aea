package org.lanewise.nn.pass;

import java.util.HashSet;
import java.util.Set;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Value;

/** Leaves out the nodes that no output and no state depends on. */
public final class DeadNodes {
  private DeadNodes() {}

  /** The graph without its dead nodes. */
  public static Graph apply(Graph graph) {
    Set<Value> needed = new HashSet<>(graph.outputs().values());
    needed.addAll(graph.updates().values());
    return graph.withNodes(graph.nodesFor(needed));
  }
}
