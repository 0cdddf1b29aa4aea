package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lanewise.kernels.op.Effects;

/**
 * Drops the nodes that nothing depends on: what a model computes and does not use costs nothing.
 * Runs on a traced graph before gradients are added.
 */
public final class DeadNodes {
  private DeadNodes() {}

  /**
   * Drops what can be dropped. A node that updates an input, such as a running mean, stays.
   *
   * @param results values that the caller reads
   */
  public static void drop(Graph graph, List<Value> results) {
    Set<Value> needed = new HashSet<>(results);
    List<Node> live = new ArrayList<>();
    for (Node node : graph.nodes().reversed()) {
      if (updatesInputs(node) || node.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(node.inputs());
        live.add(node);
      }
    }
    graph.replaceNodes(live.reversed());
  }

  private static boolean updatesInputs(Node node) {
    return node.op().effects().inputs().stream().anyMatch(Effects.Input::isUpdated);
  }
}
