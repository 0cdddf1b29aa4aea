package org.lanewise.nn.plan;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Origin;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * A graph bound to a device: every value has its place in memory and every op its operands, so a
 * run is a loop over steps that allocates nothing.
 */
public final class Plan implements AutoCloseable {
  private final Backend backend;
  private final Workspace workspace;
  private final Placement placement;
  private final Map<Value, Operand> elsewhere;
  private final Function<Node, String> phases;
  private final Map<Value, Operand> operands = new HashMap<>();
  private final Buffer constants;
  private Buffer block;
  private Step[] steps;
  private Cost cost;
  private boolean closed;

  private Plan(
      Backend backend,
      Workspace workspace,
      Placement placement,
      Map<Value, Operand> elsewhere,
      Function<Node, String> phases,
      Buffer constants) {
    this.backend = backend;
    this.workspace = workspace;
    this.placement = placement;
    this.elsewhere = elsewhere;
    this.phases = phases;
    this.constants = constants;
  }

  /**
   * Binds a graph.
   *
   * @param workspace memory that this plan shares with others of the same backend
   * @param elsewhere where the parameters and states are, and those computed values that have a
   *     place outside of the workspace
   */
  public static Plan bind(
      Graph graph, Backend backend, Workspace workspace, Map<Value, Operand> elsewhere) {
    return bind(graph, backend, workspace, elsewhere, _ -> "");
  }

  /**
   * Binds a graph whose ops are reported on.
   *
   * @param phases what {@link Origin#phase} says of each node
   * @see #bind(Graph, Backend, Workspace, Map)
   */
  public static Plan bind(
      Graph graph,
      Backend backend,
      Workspace workspace,
      Map<Value, Operand> elsewhere,
      Function<Node, String> phases) {
    Placement placement = Placement.of(graph, elsewhere.keySet());
    Map<Value, Operand> outside = new HashMap<>(elsewhere);
    Buffer constants = placeConstants(graph, backend, outside);
    Plan plan = new Plan(backend, workspace, placement, outside, phases, constants);
    try {
      plan.bind();
    } catch (RuntimeException | Error failure) {
      constants.close();
      throw failure;
    }
    return plan;
  }

  private static Buffer placeConstants(Graph graph, Backend backend, Map<Value, Operand> operands) {
    long byteSize = 0;
    for (Value constant : graph.constants().keySet()) {
      byteSize += MemoryLayout.align(constant.type().byteSize());
    }
    Buffer buffer = backend.allocate(byteSize);
    long offset = 0;
    for (var constant : graph.constants().entrySet()) {
      Value value = constant.getKey();
      buffer.write(offset, constant.getValue(), 0, value.type().byteSize());
      operands.put(value, new Operand(buffer, offset, value.type()));
      offset += MemoryLayout.align(value.type().byteSize());
    }
    return buffer;
  }

  private void bind() {
    block = workspace.atLeast(placement.byteSize());
    operands.clear();
    operands.putAll(elsewhere);
    placement
        .offsets()
        .forEach((value, offset) -> operands.put(value, new Operand(block, offset, value.type())));
    placement
        .owners()
        .forEach((value, owner) -> {
          Operand memory = operands.get(owner);
          operands.put(value, new Operand(memory.buffer(), memory.offset(), value.type()));
        });
    List<Step> steps = new ArrayList<>();
    for (Node node : placement.steps()) {
      steps.add(
          backend.bind(
              new Origin(node.layer(), phases.apply(node)),
              node.op(),
              operands(node.inputs()),
              operands(node.outputs()),
              node.writes()));
    }
    placement
        .graph()
        .updates()
        .forEach((state, newValue) -> {
          if (!operand(newValue).isSameMemory(operand(state))) {
            steps.add(
                backend.bind(
                    ElementwiseOp.Scale.COPY,
                    operands(List.of(newValue)),
                    operands(List.of(state))));
          }
        });
    this.steps = steps.toArray(Step[]::new);
  }

  private List<Operand> operands(List<Value> values) {
    return values.stream().map(operands::get).toList();
  }

  /** What the plan computes. */
  public Graph graph() {
    return placement.graph();
  }

  /** What a run costs. */
  public Cost cost() {
    if (cost == null) {
      cost = graph().cost();
    }
    return cost;
  }

  /** Bytes of the workspace that the plan uses. */
  public long workspaceBytes() {
    return placement.byteSize();
  }

  /**
   * Where a value is. What it holds is defined for inputs after {@link #prepare}, until the run,
   * and for outputs after it, until another plan of the workspace runs.
   */
  public Operand operand(Value value) {
    return operands.get(value);
  }

  /** Makes the workspace this plan's. To be called before inputs are written. */
  public void prepare() {
    if (!workspace.isCurrent(block)) {
      bind();
    }
  }

  /**
   * Runs all ops in order.
   *
   * @throws IndexOutOfBoundsException if an input holds an index that is out of range
   */
  public void run() {
    if (closed) {
      throw new IllegalStateException("the plan is closed");
    }
    for (Step step : steps) {
      step.run();
    }
  }

  /** Writes an input, before a run. */
  public void write(String input, MemorySegment elements) {
    Operand operand = operand(graph().input(input));
    operand.buffer().write(operand.offset(), elements, 0, operand.type().byteSize());
  }

  /** A copy of an output, after a run. */
  public HostTensor read(Value output) {
    Operand operand = operand(output);
    HostTensor copy = HostTensor.zeros(operand.type());
    operand.buffer().read(operand.offset(), copy.data(), 0, copy.data().byteSize());
    return copy;
  }

  /** Whether the plan is closed. */
  public boolean isClosed() {
    return closed;
  }

  /** Frees the constants; the workspace is not the plan's. */
  @Override
  public void close() {
    closed = true;
    constants.close();
  }
}
