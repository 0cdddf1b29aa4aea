package org.lanewise.nn.onnx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.weights.Weights;

/** Makes a model of the graphs of a function. */
final class OnnxExporter {
  /** Appended to the name of a session's state for what it is after a run. */
  static final String NEXT = ".next";

  private final TracedGraphs traces;
  private final Graph first;
  private final OnnxGraph graph = new OnnxGraph();
  private final Lengths lengths = new Lengths(graph);
  private final Map<Value, String> names = new HashMap<>();
  private final Map<Value, Node> products = new HashMap<>();
  private final List<OnnxModel.Port> inputs = new ArrayList<>();
  private final List<OnnxModel.Port> outputs = new ArrayList<>();

  private OnnxExporter(TracedGraphs traces) {
    this.traces = traces;
    first = traces.first();
  }

  /**
   * The model of traced graphs.
   *
   * @throws IllegalArgumentException if it cannot be expressed
   */
  static OnnxModel export(TracedGraphs traces, Weights weights, Map<String, String> metadata) {
    OnnxExporter exporter = new OnnxExporter(traces);
    exporter.reserveNames();
    exporter.addGiven(weights);
    exporter.addNodes();
    exporter.addOutputs();
    return new OnnxModel(exporter.graph, exporter.inputs, exporter.outputs, metadata);
  }

  private void reserveNames() {
    first.inputs().keySet().forEach(graph::reserve);
    first.parameters().keySet().forEach(graph::reserve);
    first.states().keySet().forEach(graph::reserve);
    first.outputs().keySet().forEach(graph::reserve);
    first.updates().keySet().forEach(state -> graph.reserve(state.name() + NEXT));
  }

  /** Adds what nodes read: inputs and tensors of the file. */
  private void addGiven(Weights weights) {
    Map<String, HostTensor> tensors = weights.tensors();
    Set<Value> read = new HashSet<>(first.outputs().values());
    read.addAll(first.updates().values());
    first.nodes().forEach(node -> read.addAll(node.inputs()));
    first.inputs().forEach((name, value) -> addInput(name, value));
    first
        .parameters()
        .forEach((name, value) -> addInitializer(name, value, read, tensors.get(name)));
    first
        .states()
        .forEach((name, value) -> {
          if (tensors.containsKey(name)) {
            addInitializer(name, value, read, tensors.get(name));
          } else {
            addInput(name, value); // of a session, which the caller keeps from run to run
          }
        });
    first
        .constants()
        .forEach((value, data) -> {
          if (read.contains(value)) {
            names.put(value, constant(value, data));
          }
        });
  }

  /** A tensor of the graph; if its size varies, all of its elements are the first one. */
  private String constant(Value value, MemorySegment data) {
    List<Dimension> shape = traces.shape(value);
    TensorType type = value.type();
    if (shape.stream().allMatch(Dimension::isConstant)) {
      return graph.constant(new HostTensor(type, data));
    }
    MemorySegment element = data.asSlice(0, type.dtype().byteSize());
    String filling = graph.constant(new HostTensor(TensorType.of(type.dtype()), element));
    return graph.add("", "Expand", 1, Map.of(), List.of(filling, lengths.vector(shape))).getFirst();
  }

  private void addInput(String name, Value value) {
    names.put(value, name);
    lengths.add(name, traces.shape(value));
    inputs.add(port(name, value));
  }

  private void addInitializer(String name, Value value, Set<Value> read, HostTensor tensor) {
    if (read.contains(value)) {
      names.put(value, name);
      graph.initializer(name, tensor);
    }
  }

  private void addNodes() {
    Set<Node> included = findProducts();
    for (int i = 0; i < first.nodes().size(); i++) {
      Node node = first.nodes().get(i);
      if (included.contains(node)) {
        continue;
      }
      Emitter emitter = new Emitter(node, traces.ops(i), traces, graph, lengths, names);
      Optional<Node> product =
          node.op() instanceof RecurrentOp
              ? Optional.ofNullable(products.get(node.input(0)))
              : Optional.empty();
      List<String> results = OpExport.export(emitter, product);
      IntStream.range(0, results.size())
          .forEach(r -> {
            names.put(node.output(r), results.get(r));
            lengths.add(results.get(r), traces.shape(node.output(r)));
          });
    }
  }

  /**
   * The products that are parts of recurrent operators, and those of them that nothing else needs.
   */
  private Set<Node> findProducts() {
    Set<Value> readOtherwise = new HashSet<>(first.outputs().values());
    for (Node node : first.nodes()) {
      if (RecurrentExport.isProduct(node)) {
        products.put(node.result(), node);
      }
      boolean includes = node.op() instanceof RecurrentOp;
      readOtherwise.addAll(
          includes ? node.inputs().subList(1, node.inputs().size()) : node.inputs());
    }
    Set<Node> included = new HashSet<>();
    first.nodes().stream()
        .filter(node -> node.op() instanceof RecurrentOp)
        .map(node -> products.get(node.input(0)))
        .filter(product -> product != null && !readOtherwise.contains(product.result()))
        .forEach(included::add);
    return included;
  }

  private void addOutputs() {
    first.outputs().forEach(this::addOutput);
    first.updates().forEach((state, next) -> addOutput(state.name() + NEXT, next));
  }

  private void addOutput(String name, Value value) {
    String computed = names.get(value);
    if (computed == null) {
      throw new IllegalArgumentException(
          "output '%s' is not a result of inference: %s".formatted(name, value));
    }
    graph.name(computed, name);
    outputs.add(port(name, value));
  }

  private OnnxModel.Port port(String name, Value value) {
    List<Optional<Object>> dimensions =
        traces.shape(value).stream()
            .map(length ->
                length.isConstant() ? Optional.<Object>of(length.at(0)) : traces.nameOf(length))
            .toList();
    return new OnnxModel.Port(name, value.type().dtype(), dimensions);
  }
}
