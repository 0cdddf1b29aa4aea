package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.kernels.op.LayoutOp;

/**
 * Which values of a list of nodes are the same memory as another one: a change of shape needs no
 * copy, unless what it reads or what it writes is overwritten while the other one is still needed.
 */
final class Views {
  private static final int NEVER = Integer.MAX_VALUE;

  private final List<Node> nodes;
  private final Map<Value, Integer> firstMention = new HashMap<>();
  private final Map<Value, Integer> lastMention = new HashMap<>();
  private final Map<Value, List<Integer>> writes = new HashMap<>();
  private final Map<Value, Value> owners = new HashMap<>();
  private final Map<Value, List<Value>> sharers = new HashMap<>();
  private final Set<Node> views = new HashSet<>();

  private Views(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Finds the views among computed values.
   *
   * @param results values that the caller reads after all nodes
   */
  static Views of(List<Node> nodes, Collection<Value> results) {
    Views found = new Views(nodes);
    for (int i = 0; i < nodes.size(); i++) {
      found.record(nodes.get(i), i);
    }
    results.forEach(result -> found.lastMention.put(result, NEVER));
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).op() instanceof LayoutOp.Reshape(_, boolean accumulate) && !accumulate) {
        found.unite(nodes.get(i), i);
      }
    }
    return found;
  }

  private void record(Node node, int time) {
    node.inputs().forEach(value -> mention(value, time));
    for (Value value : node.outputs()) {
      mention(value, time);
      writes.computeIfAbsent(value, _ -> new ArrayList<>()).add(time);
    }
  }

  private void mention(Value value, int time) {
    firstMention.putIfAbsent(value, time);
    lastMention.put(value, time);
  }

  private void unite(Node node, int time) {
    Value view = node.result();
    Value owner = owner(node.inputs().getFirst());
    List<Value> sharing = sharers.computeIfAbsent(owner, _ -> new ArrayList<>(List.of(owner)));
    boolean areComputed = view.kind() == Value.Kind.COMPUTED && owner.kind() == Value.Kind.COMPUTED;
    if (areComputed
        && firstMention.get(view) == time
        && sharing.stream().allMatch(other -> canShare(view, other, time))) {
      owners.put(view, owner);
      sharing.add(view);
      views.add(node);
    }
  }

  /** Whether each value is only written later when the other one is needed no more. */
  private boolean canShare(Value one, Value other, int time) {
    return lastMention.get(one) < firstWriteAfter(other, time)
        && lastMention.get(other) < firstWriteAfter(one, time);
  }

  private long firstWriteAfter(Value value, int time) {
    return writes.getOrDefault(value, List.of()).stream()
        .filter(write -> write > time)
        .mapToLong(write -> write)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The value in whose memory a value is: itself, unless it is a view. */
  Value owner(Value value) {
    return owners.getOrDefault(value, value);
  }

  /** All views. */
  Set<Value> values() {
    return owners.keySet();
  }

  /** The nodes that do something. */
  List<Node> steps() {
    return nodes.stream().filter(node -> !views.contains(node)).toList();
  }
}
