package org.lanewise.nn.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A graph as text to read, and in the language of Graphviz to draw. */
public final class GraphText {
  private static final Map<Value.Kind, String> COLORS =
      Map.of(
          Value.Kind.INPUT, "lightblue",
          Value.Kind.PARAMETER, "lightyellow",
          Value.Kind.STATE, "lightpink",
          Value.Kind.CONSTANT, "lightgray");

  private final Graph graph;
  private final Map<Value, String> names = new HashMap<>();

  private GraphText(Graph graph) {
    this.graph = graph;
  }

  /**
   * A line for each input, parameter, state, op and output. A computed value is called %n for the
   * n-th one; a {@code +} after an output says that it is added to.
   */
  public static String of(Graph graph) {
    return new GraphText(graph).lines();
  }

  private String lines() {
    StringBuilder text = new StringBuilder();
    graph.inputs().values().forEach(value -> declare(text, "input", value));
    graph.parameters().values().forEach(value -> declare(text, "parameter", value));
    graph.states().values().forEach(value -> declare(text, "state", value));
    graph.constants().keySet().forEach(value -> declare(text, "constant", value));
    for (Node node : graph.nodes()) {
      String outputs =
          IntStream.range(0, node.outputs().size())
              .mapToObj(i -> output(node, i))
              .collect(Collectors.joining(", "));
      text.append(
          "%s= %s(%s)%s%n"
              .formatted(
                  outputs.endsWith("+") ? outputs : outputs + " ",
                  node.op(),
                  node.inputs().stream().map(this::name).collect(Collectors.joining(", ")),
                  node.layer().isEmpty() ? "" : "   # " + node.layer()));
    }
    graph
        .outputs()
        .forEach((name, value) -> text.append("output %s = %s%n".formatted(name, name(value))));
    graph
        .updates()
        .forEach(
            (state, value) -> text.append("update %s = %s%n".formatted(name(state), name(value))));
    return text.toString();
  }

  private String output(Node node, int index) {
    Value value = node.output(index);
    return "%s %s%s".formatted(name(value), value.type(), node.adds(index) ? " +" : "");
  }

  private void declare(StringBuilder text, String kind, Value value) {
    text.append("%s %s %s%n".formatted(kind, name(value), value.type()));
  }

  private String name(Value value) {
    return names.computeIfAbsent(
        value, _ -> value.kind() == Value.Kind.COMPUTED ? "%" + names.size() : value.name());
  }

  /**
   * The same as a directed graph for {@code dot}: ops are boxes, values that are given ellipses.
   */
  public static String dot(Graph graph) {
    return new GraphText(graph).dot();
  }

  private String dot() {
    StringBuilder text = new StringBuilder("digraph {\n  node [fontname=\"sans-serif\"]\n");
    Map<Value, String> sources = new HashMap<>();
    for (List<Value> given :
        List.of(
            List.copyOf(graph.inputs().values()),
            List.copyOf(graph.parameters().values()),
            List.copyOf(graph.states().values()),
            List.copyOf(graph.constants().keySet()))) {
      for (Value value : given) {
        String id = "v" + sources.size();
        sources.put(value, id);
        text.append(
            "  %s [label=%s, style=filled, fillcolor=%s]%n"
                .formatted(id, quoted(value.toString()), COLORS.get(value.kind())));
      }
    }
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      String id = "n" + i;
      text.append(
          "  %s [shape=box, label=%s]%n"
              .formatted(id, quoted((node.layer() + "\n" + node.op().label()).strip())));
      for (Value input : node.inputs()) {
        edge(text, sources.get(input), id, input);
      }
      for (int j = 0; j < node.outputs().size(); j++) {
        Value output = node.output(j);
        if (node.adds(j)) {
          edge(text, sources.get(output), id, output);
        }
        sources.put(output, id);
      }
    }
    int outputs = 0;
    for (var output : graph.outputs().entrySet()) {
      String id = "o" + outputs++;
      text.append("  %s [shape=plaintext, label=%s]%n".formatted(id, quoted(output.getKey())));
      edge(text, sources.get(output.getValue()), id, output.getValue());
    }
    graph.updates().forEach((state, value) -> edge(text, sources.get(value), "update", value));
    return text.append("}\n").toString();
  }

  private static void edge(StringBuilder text, String from, String to, Value value) {
    text.append(
        "  %s -> %s [label=%s]%n".formatted(from, to, quoted(value.type().shape().toString())));
  }

  private static String quoted(String label) {
    return '"' + label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
