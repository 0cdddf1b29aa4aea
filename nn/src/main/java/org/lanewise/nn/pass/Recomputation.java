package org.lanewise.nn.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Recomputed;
import org.lanewise.nn.graph.Value;

/**
 * Computes the parts of a graph that are marked for it a second time, where nodes outside of them
 * first read their values, as gradients do: these then read the second ones, and the first need not
 * be kept. The results of the parts are kept, and so is what outputs and states of the graph
 * become.
 */
public final class Recomputation {
  private final Graph graph;

  /** The part of each value that is not kept. */
  private final Map<Value, Part> partOf = new HashMap<>();

  private final Map<Node, Part> partOfNode = new IdentityHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  /** What is computed a second time: the nodes that its needed values depend on. */
  private static final class Part {
    private final List<Node> nodes = new ArrayList<>();
    private final Set<Value> needed = new HashSet<>();
    private final Map<Value, Value> again = new HashMap<>();
  }

  private Recomputation(Graph graph) {
    this.graph = graph;
  }

  /** The graph with its marked parts repeated, and no marks. */
  public static Graph apply(Graph graph) {
    return graph.recomputed().isEmpty() ? graph : new Recomputation(graph).apply();
  }

  private Graph apply() {
    findParts();
    for (Node node : graph.nodes()) {
      foreign(node).forEach(value -> partOf.get(value).needed.add(value));
    }
    graph.nodes().forEach(this::add);
    return new Graph(
        graph.inputs(),
        graph.parameters(),
        graph.states(),
        graph.constants(),
        nodes,
        graph.outputs(),
        graph.updates(),
        List.of());
  }

  private void findParts() {
    Set<Value> results = new HashSet<>();
    for (Recomputed marked : graph.recomputed()) { // what is within another part comes before it
      Part part = new Part();
      marked.values().forEach(value -> partOf.put(value, part));
      results.removeAll(marked.values());
      results.add(marked.result());
    }
    for (Node node : graph.nodes()) {
      Part part = partOf.get(node.result());
      if (part != null) {
        part.nodes.add(node);
        partOfNode.put(node, part);
      }
      if (node.outputs().stream().anyMatch(results::contains)) {
        node.outputs().forEach(partOf::remove); // one op computes them all
      }
    }
    graph.outputs().values().forEach(partOf::remove);
    graph.updates().values().forEach(partOf::remove);
  }

  /** The inputs of a node that are not kept and come from another part than its own. */
  private List<Value> foreign(Node node) {
    Part own = partOfNode.get(node);
    return node.inputs().stream()
        .filter(value -> partOf.containsKey(value) && partOf.get(value) != own)
        .toList();
  }

  /** Adds a node, and before it those that it needs again. */
  private void add(Node node) {
    List<Value> foreign = foreign(node);
    for (Value value : foreign) {
      if (partOf.get(value).again.isEmpty()) {
        repeat(partOf.get(value));
      }
    }
    List<Value> inputs =
        node.inputs().stream().map(v -> foreign.contains(v) ? again(v) : v).toList();
    nodes.add(new Node(node.layer(), node.op(), inputs, node.outputs(), node.writes()));
  }

  private void repeat(Part part) {
    List<Node> repeated = new ArrayList<>();
    for (Node node : part.nodes.reversed()) {
      if (node.outputs().stream().anyMatch(part.needed::contains)) {
        node.inputs().stream().filter(value -> partOf.get(value) == part).forEach(part.needed::add);
        repeated.add(node);
      }
    }
    for (Node node : repeated.reversed()) {
      List<Value> outputs =
          node.outputs().stream()
              .map(value -> part.again.computeIfAbsent(value, Value::again))
              .toList();
      List<Value> inputs = node.inputs().stream().map(this::again).toList();
      nodes.add(new Node(node.layer(), node.op(), inputs, outputs, node.writes()));
    }
  }

  /** What takes the place of a value behind the repetition of its part. */
  private Value again(Value value) {
    Part part = partOf.get(value);
    return part == null ? value : part.again.get(value);
  }
}
