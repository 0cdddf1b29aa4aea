package org.lanewise.nn;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.DropoutSeed;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** Records what a function does to symbolic tensors. */
final class Trace {
  private static final StackWalker STACK = StackWalker.getInstance();

  private final GraphBuilder graph;
  private final Components components;
  private final Mode mode;
  private final Map<Operand, Value> values = new IdentityHashMap<>();
  private final SequencedMap<Value, Value> updates = new LinkedHashMap<>();
  private final Map<Integer, String> dropoutStreams = new HashMap<>();
  private final Map<String, Integer> dropoutsOfLayer = new HashMap<>();
  private Value dropoutSeed;

  private Trace(GraphBuilder graph, Components components, Mode mode) {
    this.graph = graph;
    this.components = components;
    this.mode = mode;
  }

  /**
   * Records a function.
   *
   * @param components the parameters and states that it may use
   * @throws ShapeException if shapes do not fit; the message ends with the line of the function
   */
  static Graph of(
      Components components, Mode mode, Signature signature, Function<Tensors, Tensors> function) {
    Trace trace = new Trace(new GraphBuilder(), components, mode);
    SequencedMap<String, Tensor> inputs = new LinkedHashMap<>();
    signature
        .types()
        .forEach(
            (name, type) -> inputs.put(name, new Tensor(trace, trace.graph.input(name, type), "")));
    function
        .apply(new Tensors(inputs))
        .tensors()
        .forEach((name, tensor) -> trace.output(name, tensor));
    trace.updates.forEach(trace.graph::update);
    return trace.graph.build();
  }

  /**
   * Records a function that replaces states.
   *
   * @param function from states and inputs to the new states
   * @throws ShapeException if shapes do not fit; the message ends with the line of the function
   * @throws IllegalArgumentException if it does not return one tensor for each state, of its type
   */
  static Graph ofUpdates(Signature states, Signature inputs, Function<Tensors, Tensors> function) {
    Trace trace = new Trace(new GraphBuilder(), new Components(), Mode.EVALUATE);
    SequencedMap<String, Value> kept = new LinkedHashMap<>();
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    states.types().forEach((name, type) -> kept.put(name, trace.graph.state(name, type)));
    kept.forEach((name, state) -> tensors.put(name, new Tensor(trace, state, "")));
    inputs
        .types()
        .forEach((name, type) ->
            tensors.put(name, new Tensor(trace, trace.graph.input(name, type), "")));
    Tensors results = function.apply(new Tensors(tensors));
    kept.forEach((name, state) -> trace.graph.update(state, trace.value(results.get(name))));
    return trace.graph.build();
  }

  /** Records the gradients of the inputs of a {@link DifferentiableOp} in its graph. */
  static List<Value> gradients(GraphBuilder graph, Node node, List<Value> ofResults) {
    Trace trace = new Trace(graph, new Components(), Mode.EVALUATE);
    DifferentiableOp op = (DifferentiableOp) node.op();
    List<Value> gradients =
        op
            .gradients(
                trace.tensors(node.inputs(), node),
                trace.tensors(node.outputs(), node),
                trace.tensors(ofResults, node))
            .stream()
            .map(trace::value)
            .toList();
    List<TensorType> expected =
        node.inputTypes().stream()
            .filter(type -> type.dtype().isFloat())
            .map(type -> TensorType.f32(type.shape()))
            .toList();
    if (!gradients.stream().map(Value::type).toList().equals(expected)) {
      throw new ShapeException(
          "the gradients of %s must be %s but are %s".formatted(op.name(), expected, gradients));
    }
    return gradients;
  }

  private List<Tensor> tensors(List<Value> ofNode, Node node) {
    return ofNode.stream().map(value -> new Tensor(this, value, node.layer())).toList();
  }

  Mode mode() {
    return mode;
  }

  /** The value of a tensor, parameter, state or constant. */
  Value value(Operand operand) {
    return switch (operand) {
      case Tensor tensor -> {
        if (tensor.trace() != this) {
          throw new IllegalArgumentException(tensor + " is of another trace" + callerLine());
        }
        yield tensor.value();
      }
      case Parameter parameter ->
          values.computeIfAbsent(parameter, _ -> graph.parameter(name(parameter), f32(parameter)));
      case State state -> {
        Value before = before(state);
        yield updates.getOrDefault(before, before);
      }
      case Constant constant ->
          values.computeIfAbsent(
              constant,
              _ -> graph.constant(constant.elements().type(), constant.elements().data()));
    };
  }

  /** What a state is before the run. */
  private Value before(State state) {
    return values.computeIfAbsent(state, _ -> graph.state(name(state), f32(state)));
  }

  private static TensorType f32(Operand operand) {
    return TensorType.f32(operand.shape());
  }

  private static boolean isOfSession(Operand operand) {
    return operand instanceof State state && state.sessionName() != null;
  }

  private String name(Operand operand) {
    if (isOfSession(operand)) {
      return ((State) operand).sessionName();
    }
    String name = components.name(operand);
    if (name == null) {
      throw new IllegalArgumentException(
          operand + " is used but is not a component of the model" + callerLine());
    }
    return name;
  }

  /** Applies an op; its result. */
  Tensor apply(Op op, Operand... inputs) {
    return result(node(op, inputs));
  }

  /** Applies an op that has several outputs. */
  Node node(Op op, Operand... inputs) {
    String layer = layer(inputs);
    List<Value> operands = List.of(inputs).stream().map(this::value).toList();
    try {
      return graph.add(layer, op, operands);
    } catch (ShapeException mismatch) {
      throw mismatch(mismatch.getMessage() + " " + operands, layer);
    }
  }

  Tensor result(Node node) {
    return new Tensor(this, node.result(), node.layer());
  }

  /** All results of an op that has several. */
  List<Tensor> results(Node node) {
    return tensors(node.outputs().subList(0, node.op().results()), node);
  }

  /** Applies a layer whose values are computed again for its gradients. */
  Tensor recomputed(Layer layer, Tensor x) {
    int from = graph.nodes().size();
    Tensor y = layer.forward(x);
    graph.recompute(from, value(y));
    return y;
  }

  /** Lets the caller read a tensor. */
  void output(String name, Tensor tensor) {
    graph.output(name, value(tensor));
  }

  /** Replaces a state: for what reads it from here on, and after the run. */
  void update(State state, Value newValue) {
    updates.put(before(state), newValue);
  }

  /** Drops elements in training, other ones for each layer and each of its dropouts. */
  Tensor dropout(float p, Tensor x) {
    if (dropoutSeed == null) {
      dropoutSeed = graph.input(RunInputs.DROPOUT_SEED, DropoutSeed.TYPE);
    }
    String layer = x.layer();
    int number = dropoutsOfLayer.merge(layer, 1, Integer::sum);
    DropoutOp op = new DropoutOp.Dropout(p, dropoutStream(layer + "#" + number));
    return result(graph.add(layer, op, List.of(x.value(), dropoutSeed)));
  }

  /** A stream of a name; where another name has it already, that of a longer name. */
  private int dropoutStream(String name) {
    int stream = Long.hashCode(Streams.of(name));
    return dropoutStreams.putIfAbsent(stream, name) == null ? stream : dropoutStream(name + "'");
  }

  /** The layer whose parameters an op uses, or else the one that its operand comes from. */
  String layer(Operand... inputs) {
    for (Operand input : inputs) {
      if ((input instanceof Parameter || input instanceof State) && !isOfSession(input)) {
        String name = name(input);
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
      }
    }
    return Stream.of(inputs)
        .filter(Tensor.class::isInstance)
        .findFirst()
        .map(tensor -> ((Tensor) tensor).layer())
        .orElse("");
  }

  /** An exception whose message ends with the layer and the line of the model. */
  ShapeException mismatch(String message, String layer) {
    return new ShapeException(
        message + (layer.isEmpty() ? "" : ", in layer " + layer) + callerLine());
  }

  /** The line of the model that applies the op: the first frame outside tensors and layers. */
  private static String callerLine() {
    String here = Trace.class.getPackageName();
    Set<String> skipped = Set.of(here, here + ".layers");
    return STACK.walk(frames ->
        frames
            .filter(frame -> !skipped.contains(packageName(frame.getClassName())))
            .findFirst()
            .map(frame -> " at " + frame.toStackTraceElement())
            .orElse(""));
  }

  private static String packageName(String className) {
    return className.substring(0, Math.max(0, className.lastIndexOf('.')));
  }
}
