package org.lanewise.nn.tensorboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.io.Printable;
import org.lanewise.nn.io.ProtobufWriter;

/**
 * The message {@code GraphDef}: a node for each input, parameter, state, constant, op, update and
 * output. Layers are scopes, as the parts of a path are in its names.
 */
final class GraphMessage {
  private final ProtobufWriter message = new ProtobufWriter();
  private final Set<String> names = new HashSet<>();

  /** What inputs of nodes call each value that is there so far. */
  private final Map<Value, String> sources = new HashMap<>();

  private GraphMessage() {}

  static ProtobufWriter of(Graph graph) {
    GraphMessage nodes = new GraphMessage();
    graph.inputs().values().forEach(value -> nodes.given("Placeholder", value));
    graph.parameters().values().forEach(value -> nodes.given("Parameter", value));
    graph.states().values().forEach(value -> nodes.given("State", value));
    graph.constants().keySet().forEach(value -> nodes.given("Const", value));
    graph.nodes().forEach(nodes::computed);
    graph
        .updates()
        .forEach((state, value) -> nodes.add(state.name() + ".update", "Assign", List.of(value)));
    graph.outputs().forEach((name, value) -> nodes.add(name, "Identity", List.of(value)));
    return nodes.message.message(4, new ProtobufWriter().varint(1, 1));
  }

  private void given(String kind, Value value) {
    sources.put(value, add(value.name(), kind, List.of(), List.of(value), ""));
  }

  private void add(String path, String kind, List<Value> inputs) {
    add(path, kind, inputs, inputs, "");
  }

  private void computed(Node node) {
    String path = node.layer().isEmpty() ? node.op().name() : node.layer() + "." + node.op().name();
    String name = add(path, node.op().name(), read(node), node.outputs(), node.op().toString());
    for (int i = 0; i < node.outputs().size(); i++) {
      sources.put(node.output(i), i == 0 ? name : name + ":" + i);
    }
  }

  /** What an op reads: its inputs, and those outputs that it adds to or updates. */
  private List<Value> read(Node node) {
    List<Value> read = new ArrayList<>(node.inputs());
    for (int i = 0; i < node.outputs().size(); i++) {
      if (sources.containsKey(node.output(i)) && node.changes(i)) {
        read.add(node.output(i));
      }
    }
    return read;
  }

  private String add(
      String path, String kind, List<Value> inputs, List<Value> outputs, String description) {
    String name = unique(path);
    ProtobufWriter node = new ProtobufWriter().string(1, name).string(2, Printable.line(kind));
    inputs.forEach(input -> node.string(3, sources.get(input)));
    ProtobufWriter shapes = new ProtobufWriter();
    outputs.forEach(output -> shapes.message(7, TensorMessage.shape(output.type().shape())));
    attribute(node, "_output_shapes", new ProtobufWriter().message(1, shapes));
    if (!description.isEmpty()) {
      byte[] line = Printable.line(description).getBytes(UTF_8);
      attribute(node, "op", new ProtobufWriter().bytes(2, line));
    }
    message.message(1, node);
    return name;
  }

  private static void attribute(ProtobufWriter node, String key, ProtobufWriter value) {
    node.message(5, new ProtobufWriter().string(1, key).message(2, value));
  }

  /** A name of that path as TensorFlow allows it, which no other node has. */
  private String unique(String path) {
    String name = path.replace('.', '/').replaceAll("[^A-Za-z0-9_/-]", "_");
    if (!name.matches("[A-Za-z0-9].*")) {
      name = "n" + name;
    }
    String result = name;
    for (int i = 1; !names.add(result); i++) {
      result = name + "_" + i;
    }
    return result;
  }
}
