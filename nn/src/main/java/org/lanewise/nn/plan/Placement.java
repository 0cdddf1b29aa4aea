package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * Where the values of a graph are in the block of its plan, known before there is any memory.
 *
 * @param graph what is placed
 * @param steps the nodes that do something, in order
 * @param byteSize bytes of the block
 * @param owners for each value that is in another one's memory, that one
 * @param offsets first byte in the block of each value that is in it and owns its memory
 */
public record Placement(
    Graph graph,
    List<Node> steps,
    long byteSize,
    Map<Value, Value> owners,
    Map<Value, Long> offsets) {
  /**
   * Places the inputs and computed values of a graph.
   *
   * @param elsewhere computed values that have a place outside of the block
   */
  public static Placement of(Graph graph, Set<Value> elsewhere) {
    Lifetimes lifetimes = Lifetimes.of(graph);
    Sharing sharing = Sharing.of(graph, lifetimes, elsewhere);
    Set<Value> owners = new LinkedHashSet<>();
    Map<Value, Value> ownerOf = new HashMap<>();
    for (Value value : computedAndGiven(graph)) {
      Value owner = sharing.owner(value);
      if (owner != value) {
        ownerOf.put(value, owner);
      }
      if (isInBlock(owner) && !elsewhere.contains(owner)) {
        owners.add(owner);
      }
    }
    List<MemoryLayout.Interval> intervals = new ArrayList<>();
    for (Value owner : owners) {
      Lifetimes.Lifetime lifetime = sharing.lifetime(owner);
      intervals.add(new MemoryLayout.Interval(owner, lifetime.from(), lifetime.to()));
    }
    MemoryLayout layout = MemoryLayout.of(intervals);
    Map<Value, Long> offsets = new HashMap<>();
    owners.forEach(owner -> offsets.put(owner, layout.offset(owner)));
    return new Placement(graph, sharing.steps(), layout.byteSize(), ownerOf, offsets);
  }

  private static Set<Value> computedAndGiven(Graph graph) {
    Set<Value> values = new LinkedHashSet<>(graph.inputs().values());
    for (Node node : graph.nodes()) {
      values.addAll(node.outputs());
    }
    return values;
  }

  private static boolean isInBlock(Value owner) {
    return owner.kind() == Value.Kind.INPUT || owner.kind() == Value.Kind.COMPUTED;
  }
}
