package org.lanewise.nn.pass;

import org.lanewise.nn.graph.Graph;

/** The passes in the order in which they run. */
public final class Passes {
  private Passes() {}

  /** The graph that a plan is made of. */
  public static Graph optimize(Graph graph) {
    return Fusion.apply(Recomputation.apply(DeadNodes.apply(graph)));
  }
}
