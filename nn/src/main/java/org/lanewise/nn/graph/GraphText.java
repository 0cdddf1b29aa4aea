package org.lanewise.nn.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
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

  private final StringBuilder text = new StringBuilder();
  private final Map<Value, String> names = new HashMap<>();

  private GraphText() {}

  /**
   * A line for each input, parameter, state, op and output. A computed value is called %n for the
   * n-th one; a {@code +} after an output says that it is added to.
   */
  public static String of(Graph graph) {
    GraphText lines = new GraphText();
    lines.lines(graph);
    return lines.text.toString();
  }

  /**
   * What becomes of a graph: the lines of each under a heading, or a remark that it is the one
   * before. A value has the same name in all of them.
   *
   * @param stages by name, in order
   */
  public static String of(SequencedMap<String, Graph> stages) {
    GraphText lines = new GraphText();
    Graph before = null;
    for (var stage : stages.entrySet()) {
      Graph graph = stage.getValue();
      boolean isSame = graph.equals(before);
      lines.text.append("## %s%s%n".formatted(stage.getKey(), isSame ? ": the same" : ""));
      if (!isSame) {
        lines.lines(graph);
      }
      lines.text.append(System.lineSeparator());
      before = graph;
    }
    return lines.text.toString();
  }

  private void lines(Graph graph) {
    graph.inputs().values().forEach(value -> declare("input", value));
    graph.parameters().values().forEach(value -> declare("parameter", value));
    graph.states().values().forEach(value -> declare("state", value));
    graph.constants().keySet().forEach(value -> declare("constant", value));
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
  }

  private String output(Node node, int index) {
    Value value = node.output(index);
    return "%s %s%s".formatted(name(value), value.type(), node.adds(index) ? " +" : "");
  }

  private void declare(String kind, Value value) {
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
    GraphText drawing = new GraphText();
    drawing.draw("digraph", graph);
    return drawing.text.toString();
  }

  /**
   * What becomes of a graph: a directed graph for {@code dot} after the other, without those that
   * are the one before.
   *
   * @param stages by name, in order
   */
  public static String dot(SequencedMap<String, Graph> stages) {
    GraphText drawings = new GraphText();
    Graph before = null;
    for (var stage : stages.entrySet()) {
      if (!stage.getValue().equals(before)) {
        drawings.draw("digraph " + quoted(stage.getKey()), stage.getValue());
      }
      before = stage.getValue();
    }
    return drawings.text.toString();
  }

  private void draw(String head, Graph graph) {
    text.append(head).append(" {\n  node [fontname=\"sans-serif\"]\n");
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
        edge(sources.get(input), id, input);
      }
      for (int j = 0; j < node.outputs().size(); j++) {
        Value output = node.output(j);
        if (node.adds(j)) {
          edge(sources.get(output), id, output);
        }
        sources.put(output, id);
      }
    }
    int outputs = 0;
    for (var output : graph.outputs().entrySet()) {
      String id = "o" + outputs++;
      text.append("  %s [shape=plaintext, label=%s]%n".formatted(id, quoted(output.getKey())));
      edge(sources.get(output.getValue()), id, output.getValue());
    }
    graph.updates().forEach((state, value) -> edge(sources.get(value), "update", value));
    text.append("}\n");
  }

  private void edge(String from, String to, Value value) {
    text.append(
        "  %s -> %s [label=%s]%n".formatted(from, to, quoted(value.type().shape().toString())));
  }

  private static String quoted(String label) {
    return '"' + label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
