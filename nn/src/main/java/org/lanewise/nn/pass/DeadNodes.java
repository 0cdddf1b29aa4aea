package org.lanewise.nn.pass;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** Leaves out the nodes that no output and no state depends on. */
public final class DeadNodes {
  private DeadNodes() {}

  /** The graph without its dead nodes. */
  public static Graph apply(Graph graph) {
    Set<Value> needed = new HashSet<>(graph.outputs().values());
    needed.addAll(graph.updates().values());
    List<Node> alive = new ArrayList<>();
    for (Node node : graph.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(node.inputs());
        alive.add(node);
      }
    }
    return graph.withNodes(alive.reversed());
  }
}
