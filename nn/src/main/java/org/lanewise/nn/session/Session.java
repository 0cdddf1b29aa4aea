package org.lanewise.nn.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.pass.Passes;
import org.lanewise.nn.plan.Phases;
import org.lanewise.nn.plan.Plan;
import org.lanewise.nn.plan.Workspace;
import org.lanewise.nn.weights.DeviceWeights;
import org.lanewise.nn.weights.Weights;

/**
 * A device that runs functions of tensors with a model's weights. Plans are kept by function, types
 * of the inputs and mode; a function is the same only if it is the same object, so one that is used
 * again and again belongs in a variable.
 *
 * <p>One thread at a time may use a session. Any number of sessions may share weights that none of
 * them trains.
 */
public final class Session implements AutoCloseable {
  private static final int PLANS = 128;

  private final Backend backend;
  private final Weights weights;
  private final DeviceWeights deviceWeights;
  private final Workspace workspace;
  private final PlanCache plans = new PlanCache(PLANS);
  private final Map<String, Operand> states = new HashMap<>();
  private boolean closed;

  private Session(Backend backend, Weights weights) {
    this.backend = backend;
    this.weights = weights;
    deviceWeights = new DeviceWeights(weights, backend);
    workspace = new Workspace(backend);
  }

  /**
   * Opens a device with all processors of the host.
   *
   * @param device a backend's name, as {@link Backends#open} takes it
   * @param weights initialized or loaded
   * @throws BackendUnavailableException if there is no such device
   */
  public static Session open(String device, Weights weights) {
    return open(device, Runtime.getRuntime().availableProcessors(), weights);
  }

  /**
   * Opens a device.
   *
   * @param device a backend's name, as {@link Backends#open} takes it
   * @param threads of the host, at least 1
   * @param weights initialized or loaded
   * @throws BackendUnavailableException if there is no such device
   */
  public static Session open(String device, int threads, Weights weights) {
    return of(Backends.open(device, threads), weights);
  }

  /**
   * A session on an open device.
   *
   * @param backend is closed with the session
   * @param weights initialized or loaded
   */
  public static Session of(Backend backend, Weights weights) {
    try {
      return new Session(backend, weights);
    } catch (RuntimeException | Error failure) {
      backend.close();
      throw failure;
    }
  }

  /**
   * Runs a function in {@link Mode#EVALUATE}.
   *
   * @param function from the inputs to a result; it is called when it is new, to record it
   * @param inputs by name
   * @return the result
   * @throws ShapeException if shapes do not fit
   * @throws IndexOutOfBoundsException if an input holds an index that is out of range
   */
  public HostTensor run(Function<Tensors, Tensor> function, Map<String, HostTensor> inputs) {
    String result = "result";
    return run(function, in -> Tensors.of(result, function.apply(in)), inputs).get(result);
  }

  /**
   * Runs a function of several results in {@link Mode#EVALUATE}.
   *
   * @return the results by name
   * @see #run(Function, Map)
   */
  public SequencedMap<String, HostTensor> runAll(
      Function<Tensors, Tensors> function, Map<String, HostTensor> inputs) {
    return run(function, function, inputs);
  }

  private SequencedMap<String, HostTensor> run(
      Object key, Function<Tensors, Tensors> function, Map<String, HostTensor> inputs) {
    Signature signature = signature(inputs);
    Plan plan =
        run(
            new Key(key, signature, Mode.EVALUATE),
            () -> weights.components().trace(Mode.EVALUATE, signature, function),
            inputs);
    SequencedMap<String, HostTensor> outputs = new LinkedHashMap<>();
    plan.graph().outputs().forEach((name, value) -> outputs.put(name, plan.read(value)));
    return outputs;
  }

  private record Key(Object function, Signature signature, Mode mode) {}

  /**
   * The gradients of a scalar function in {@link Mode#EVALUATE} with respect to some of its inputs:
   * how much each element moves it. Where the scalar is a sum over the samples of a batch, a
   * sample's part of a gradient is its own.
   *
   * @param function from the inputs to a scalar; it is called when it is new, to record it
   * @param inputs by name
   * @param withRespectTo names of f32 inputs
   * @return the gradients by name; zeros for an input that the scalar does not depend on
   * @throws ShapeException if shapes do not fit, or the result is no scalar
   * @throws IllegalArgumentException if there is no such input, or it is not f32
   */
  public SequencedMap<String, HostTensor> gradients(
      Function<Tensors, Tensor> function, Map<String, HostTensor> inputs, String... withRespectTo) {
    Signature signature = signature(inputs);
    List<String> names = List.of(withRespectTo);
    Plan plan =
        run(
            new GradientKey(function, signature, names),
            () -> InputGradients.of(weights, signature, function, names),
            inputs);
    SequencedMap<String, HostTensor> gradients = new LinkedHashMap<>();
    for (String name : names) {
      Value gradient = plan.graph().outputs().get(name);
      gradients.put(
          name, gradient == null ? HostTensor.zeros(inputs.get(name).type()) : plan.read(gradient));
    }
    return gradients;
  }

  private record GradientKey(Object function, Signature signature, List<String> withRespectTo) {}

  /** A plan that has run on inputs. */
  private Plan run(Object key, Supplier<Graph> graph, Map<String, HostTensor> inputs) {
    Plan plan = plan(key, graph, Map::of);
    inputs.forEach((name, tensor) -> plan.write(name, tensor.data()));
    plan.run();
    if (plan.graph().updates().keySet().stream().map(Value::name).anyMatch(this::isOfModel)) {
      deviceWeights.changed();
    }
    return plan;
  }

  private static Signature signature(Map<String, HostTensor> inputs) {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    inputs.forEach((name, tensor) -> types.put(name, tensor.type()));
    return new Signature(types);
  }

  // ---- What a training loop needs beyond ------------------------------------------------------

  /**
   * A plan with the workspace ready for its inputs.
   *
   * @param key under which it is kept
   * @param graph traced when there is no such plan yet
   * @param outputs where gradients are that the graph computes and that are not in the workspace,
   *     by name; asked after the graph
   */
  public Plan plan(Object key, Supplier<Graph> graph, Supplier<Map<String, Operand>> outputs) {
    requireOpen();
    deviceWeights.refresh();
    Plan plan = plans.get(key, () -> bindOutputs(graph.get(), outputs.get()));
    plan.prepare();
    return plan;
  }

  /**
   * A plan of the caller's own, which shares the workspace with those that the session keeps.
   *
   * @param graph is optimized
   * @param places of all parameters and states, and of what else is not in the workspace
   * @param phase what the backend is told that its ops belong to
   */
  public Plan bind(Graph graph, Map<Value, Operand> places, String phase) {
    requireOpen();
    return Plan.bind(Passes.optimize(graph), backend, workspace, places, _ -> phase);
  }

  private Plan bindOutputs(Graph graph, Map<String, Operand> outputs) {
    Map<Value, Operand> elsewhere = new HashMap<>();
    graph.parameters().forEach((name, value) -> elsewhere.put(value, deviceWeights.operand(name)));
    graph.states().forEach((name, value) -> elsewhere.put(value, state(name, value.type())));
    Set<Value> placed = new HashSet<>();
    outputs.forEach((name, operand) -> {
      Value value = graph.outputs().get(name);
      if (value != null) {
        elsewhere.put(value, operand);
        placed.add(value);
      }
    });
    requireOpen();
    Graph optimized = Passes.optimize(graph);
    return Plan.bind(optimized, backend, workspace, elsewhere, Phases.of(optimized, placed));
  }

  /** A state of the model, or of this session. */
  private Operand state(String name, TensorType type) {
    if (isOfModel(name)) {
      return deviceWeights.operand(name);
    }
    Operand state =
        states.computeIfAbsent(name, _ -> new Operand(backend.allocate(type.byteSize()), 0, type));
    if (!state.type().equals(type)) {
      throw new ShapeException(
          "the state '%s' is %s in one function and %s in another"
              .formatted(name, state.type(), type));
    }
    return state;
  }

  private boolean isOfModel(String state) {
    return weights.components().states().containsKey(state);
  }

  /** The weights. */
  public Weights weights() {
    return weights;
  }

  /** The weights where this device uses them. */
  public DeviceWeights deviceWeights() {
    return deviceWeights;
  }

  /** What functions run on. */
  public Backend backend() {
    return backend;
  }

  /** The device in words. */
  public String device() {
    return backend.name() + ": " + backend.description();
  }

  /** Bytes that all plans together use for inputs, intermediate values and outputs. */
  public long workspaceBytes() {
    return workspace.byteSize();
  }

  /** Plans that are kept. */
  public int plans() {
    return plans.size();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }

  /** Frees the device. Any use afterwards throws {@link IllegalStateException}. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      plans.close();
      workspace.close();
      states.values().forEach(state -> state.buffer().close());
      deviceWeights.close();
      backend.close();
    }
  }
}
