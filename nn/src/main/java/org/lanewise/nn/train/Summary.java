package org.lanewise.nn.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.pass.Passes;
import org.lanewise.nn.plan.Placement;

/**
 * What a model is and what a training step costs; prints as a table.
 *
 * @param layers the ops of the model from input to loss
 * @param groups the parameters that the loss depends on, by the rules that they follow
 * @param parameters number of trained elements
 * @param forward cost of output and loss of a batch
 * @param step cost of a training step: forward, gradients and update
 * @param stateBytes memory of parameters, gradients and optimizer state
 * @param activationBytes memory of inputs, activations and their gradients
 */
public record Summary(
    List<LayerSummary> layers,
    List<GroupSummary> groups,
    long parameters,
    Cost forward,
    Cost step,
    long stateBytes,
    long activationBytes) {

  /**
   * One op of a model.
   *
   * @param name the layer whose parameters it uses, or the op
   * @param op what it does
   * @param output shape of its result
   * @param parameters elements of its parameters
   * @param flops operations for a batch
   */
  public record LayerSummary(String name, String op, Shape output, long parameters, long flops) {}

  /**
   * Parameters that follow the same rule.
   *
   * @param rule what they follow
   * @param parameters number of their elements
   */
  public record GroupSummary(Rule rule, long parameters) {}

  /** A copy of the given lists. */
  public Summary {
    layers = List.copyOf(layers);
    groups = List.copyOf(groups);
  }

  /** The summary of a loss for batches of one kind. */
  static Summary of(LossGraph loss, Signature batch, Optimizer optimizer, Clip clip) {
    Graph forward = loss.forward(Mode.TRAIN, batch);
    Graph step = Passes.optimize(loss.withGradients(forward));
    Set<String> trained = Set.copyOf(loss.trained(step));
    List<ParameterGroup> groups = ParameterGroup.of(optimizer, loss.weights(), trained::contains);
    List<Value> gradients =
        trained.stream().map(name -> step.output(LossGraph.gradient(name))).toList();
    Graph shown = Passes.optimize(forward);
    return new Summary(
        shown.nodes().stream().map(Summary::layer).toList(),
        groups.stream().map(Summary::group).toList(),
        loss.weights().parameterCount(),
        shown.cost(),
        step.cost().plus(updateCost(clip, groups)),
        loss.weights().byteSize() + Float.BYTES * (elements(groups) + stateElements(groups)),
        Placement.of(step, Set.copyOf(gradients)).byteSize());
  }

  private static GroupSummary group(ParameterGroup group) {
    return new GroupSummary(group.rule(), elements(List.of(group)));
  }

  private static long elements(List<ParameterGroup> groups) {
    return groups.stream()
        .flatMap(group -> group.parameters().values().stream())
        .mapToLong(Shape::size)
        .sum();
  }

  private static long stateElements(List<ParameterGroup> groups) {
    return groups.stream()
        .flatMap(group -> group.parameters().values().stream().map(group.rule()::states))
        .flatMap(List::stream)
        .mapToLong(Shape::size)
        .sum();
  }

  /** What it costs to clip gradients and to update parameters. */
  static Cost updateCost(Clip clip, List<ParameterGroup> groups) {
    Cost cost = clip.cost(elements(groups));
    for (ParameterGroup group : groups) {
      for (var parameter : group.parameters().entrySet()) {
        cost = cost.plus(updateCost(group.rule(), parameter.getKey(), parameter.getValue()));
      }
    }
    return cost;
  }

  private static Cost updateCost(Rule rule, String parameter, Shape shape) {
    return switch (rule) {
      case Rule.Fused fused ->
          Cost.of(fused.op(), List.of(TensorType.f32(shape), TensorType.f32(), StepScalars.TYPE));
      case Rule.Custom custom -> RuleGraph.of(custom, parameter, shape).cost();
    };
  }

  private static LayerSummary layer(Node node) {
    List<Value> parameters =
        node.inputs().stream().filter(v -> v.kind() == Value.Kind.PARAMETER).toList();
    return new LayerSummary(
        parameters.isEmpty() ? "" : node.layer(),
        describe(node.op()),
        node.result().type().shape(),
        parameters.stream().mapToLong(parameter -> parameter.type().shape().size()).sum(),
        node.cost().flops());
  }

  private static String name(Activation function) {
    return function.name().toLowerCase(Locale.ROOT);
  }

  private static String describe(Op op) {
    return switch (op) {
      case Op.WithEpilogue sums ->
          sums.name()
              + (sums.epilogue().hasBias() ? " + bias" : "")
              + (sums.epilogue().residual() ? " + residual" : "")
              + sums.epilogue().function().activation().map(f -> " + " + name(f)).orElse("");
      case ActivationOp.Activate activate -> name(activate.function());
      default -> op.name();
    };
  }

  @Override
  public String toString() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("layer", "op", "output", "parameters", "FLOPs"));
    for (LayerSummary layer : layers) {
      rows.add(
          List.of(
              layer.name,
              layer.op,
              layer.output.toString(),
              String.format(Locale.ROOT, "%,d", layer.parameters),
              Units.of(layer.flops, "")));
    }
    List<String> lines = new ArrayList<>(table(rows));
    if (groups.size() > 1) {
      for (GroupSummary group : groups) {
        lines.add(
            String.format(Locale.ROOT, "%,d parameters follow %s", group.parameters, group.rule));
      }
    }
    lines.add(
        "%s parameters; a step takes %s and moves %s; memory %s, activations %s of it"
            .formatted(
                String.format(Locale.ROOT, "%,d", parameters),
                Units.of(step.flops(), "FLOP"),
                Units.of(step.bytes(), "B"),
                Units.of(stateBytes + activationBytes, "B"),
                Units.of(activationBytes, "B")));
    return String.join("\n", lines);
  }

  /** Rows whose columns are as wide as what is in them, or as usual models need. */
  private static List<String> table(List<List<String>> rows) {
    String format =
        "%%-%ds %%-%ds %%-%ds %%12s %%8s"
            .formatted(width(rows, 0, 16), width(rows, 1, 20), width(rows, 2, 12));
    return rows.stream()
        .map(row -> String.format(Locale.ROOT, format, row.toArray()).stripTrailing())
        .toList();
  }

  private static int width(List<List<String>> rows, int column, int least) {
    return rows.stream().mapToInt(row -> row.get(column).length()).reduce(least, Math::max);
  }
}
