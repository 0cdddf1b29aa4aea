package org.lanewise.nn.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;

/**
 * A graph bound to a backend: every value has its place in memory and every op its operands, so a
 * run is a loop over steps that allocates nothing.
 */
public final class Plan {
  private final Map<Value, Operand> operands;
  private final Step[] steps;

  private Plan(Map<Value, Operand> operands, Step[] steps) {
    this.operands = operands;
    this.steps = steps;
  }

  /**
   * Binds nodes to a backend.
   *
   * @param inputs values that the caller writes before each run
   * @param results values that the caller reads after a run
   * @param state where parameters and their gradients are
   */
  public static Plan bind(
      Backend backend,
      List<Node> nodes,
      List<Value> inputs,
      List<Value> results,
      Map<Value, Operand> state) {
    ArenaLayout layout = ArenaLayout.of(nodes, inputs, results);
    Buffer activations = backend.allocate(layout.byteSize());
    Map<Value, Operand> operands = new HashMap<>(state);
    layout
        .offsets()
        .forEach(
            (value, offset) -> operands.put(value, new Operand(activations, offset, value.type())));
    Step[] steps =
        layout.steps().stream()
            .map(node ->
                backend.bind(
                    node.op(),
                    operands(operands, node.inputs()),
                    operands(operands, node.outputs())))
            .toArray(Step[]::new);
    return new Plan(operands, steps);
  }

  private static List<Operand> operands(Map<Value, Operand> operands, List<Value> values) {
    return values.stream().map(operands::get).toList();
  }

  /** Bytes that inputs, activations and their gradients of such a plan take. */
  public static long activationBytes(List<Node> nodes, List<Value> inputs, List<Value> results) {
    return ArenaLayout.of(nodes, inputs, results).byteSize();
  }

  /** Where a value is; what it holds is defined for inputs before and for results after a run. */
  public Operand operand(Value value) {
    return operands.get(value);
  }

  /**
   * Runs all ops in order.
   *
   * @throws IndexOutOfBoundsException if an input holds an index that is out of range
   */
  public void run() {
    for (Step step : steps) {
      step.run();
    }
  }
}
