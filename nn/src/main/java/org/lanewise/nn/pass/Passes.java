package org.lanewise.nn.pass;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lanewise.nn.graph.Graph;

/** The passes in the order in which they run. */
public final class Passes {
  private static final List<Pass> ALL =
      List.of(
          new Pass("without dead nodes", DeadNodes::apply),
          new Pass("recomputed", Recomputation::apply),
          new Pass("fused", Fusion::apply));

  /**
   * A pass.
   *
   * @param result what its graphs are called
   */
  private record Pass(String result, UnaryOperator<Graph> function) {}

  private Passes() {}

  /** The graph that a plan is made of. */
  public static Graph optimize(Graph graph) {
    return stages(graph).lastEntry().getValue();
  }

  /** What each pass makes of a graph, in order. */
  public static SequencedMap<String, Graph> stages(Graph graph) {
    SequencedMap<String, Graph> stages = new LinkedHashMap<>();
    Graph current = graph;
    for (Pass pass : ALL) {
      current = pass.function.apply(current);
      stages.put(pass.result, current);
    }
    return stages;
  }
}
