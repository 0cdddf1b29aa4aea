package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.Transpose;

/**
 * Reverse-mode differentiation by a rule per op (Griewank and Walther, "Evaluating Derivatives",
 * 2008): appends to a graph the ops that compute the gradient of its last result, a scalar loss,
 * with respect to all parameters.
 *
 * <p>The first op that contributes to a gradient writes it, later ones accumulate, so nothing needs
 * zeroing.
 */
public final class Gradients {
  private final Graph graph;
  private final Set<Value> differentiable = new HashSet<>();
  private final Map<Value, Value> gradients = new HashMap<>();

  private Gradients(Graph graph) {
    this.graph = graph;
  }

  /**
   * Appends the gradient ops.
   *
   * @return the gradient of each parameter, in the parameters' order
   * @throws IllegalArgumentException if the last op is not a loss, or a parameter does not
   *     influence it
   */
  public static List<Value> append(Graph graph) {
    Gradients gradients = new Gradients(graph);
    List<Node> forward = List.copyOf(graph.nodes());
    gradients.findDifferentiable(forward);
    for (Node node : forward.reversed()) {
      gradients.propagate(node);
    }
    return gradients.ofParameters();
  }

  private void findDifferentiable(List<Node> forward) {
    differentiable.addAll(graph.parameters());
    for (Node node : forward) {
      if (node.inputs().stream().anyMatch(differentiable::contains)) {
        differentiable.add(node.result());
      }
    }
  }

  private void propagate(Node node) {
    if (!differentiable.contains(node.result())) {
      return;
    }
    switch ((Op.Forward) node.op()) {
      case Op.Gemm gemm -> gemm(gemm, node);
      case Op.Activate(Activation function) -> {
        Value dy = gradientOf(node);
        Value x = node.inputs().getFirst();
        Target dx = target(x);
        Value saved = function.gradient() == Activation.Gradient.FROM_INPUT ? x : node.result();
        graph.add(
            new Op.ActivateBackward(function, dx.accumulate),
            List.of(saved, dy),
            List.of(dx.value));
      }
      case Op.SoftmaxCrossEntropy _ -> {
        Value logits = node.inputs().get(0);
        Value labels = node.inputs().get(1);
        Value logSumExp = node.outputs().get(1);
        lossGradient(
            node, new Op.SoftmaxCrossEntropyBackward(), List.of(logits, labels, logSumExp));
      }
      case Op.MeanSquaredError _ ->
          lossGradient(node, new Op.MeanSquaredErrorBackward(), node.inputs());
    }
  }

  /** A loss is where propagation starts: its own gradient is 1. */
  private void lossGradient(Node node, Op.Backward op, List<Value> inputs) {
    if (node != lastForward()) {
      throw new IllegalArgumentException("a loss must be the last op of a graph");
    }
    Value target = node.inputs().get(1);
    if (differentiable.contains(target)) {
      throw new IllegalArgumentException("the target of a loss must not depend on parameters");
    }
    graph.add(op, inputs, List.of(target(node.inputs().getFirst()).value));
  }

  private Node lastForward() {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Op.Forward)
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  private void gemm(Op.Gemm op, Node node) {
    Value a = node.inputs().get(0);
    Value b = node.inputs().get(1);
    Value dc = gradientOf(node);
    if (op.epilogue().hasRelu()) {
      graph.add(
          new Op.ActivateBackward(Activation.RELU, false), List.of(node.result(), dc), List.of(dc));
    }
    if (op.epilogue().hasBias() && differentiable.contains(node.inputs().get(2))) {
      Target dBias = target(node.inputs().get(2));
      graph.add(new Op.ColumnSums(dBias.accumulate), List.of(dc), List.of(dBias.value));
    }
    if (differentiable.contains(b)) {
      if (op.transB() == Transpose.NO) {
        product(op, flip(op.transA()), a, Transpose.NO, dc, b);
      } else {
        product(op, Transpose.YES, dc, op.transA(), a, b);
      }
    }
    if (differentiable.contains(a)) {
      if (op.transA() == Transpose.NO) {
        product(op, Transpose.NO, dc, flip(op.transB()), b, a);
      } else {
        product(op, op.transB(), b, Transpose.YES, dc, a);
      }
    }
  }

  /** Adds {@code α · op(left) · op(right)} to the gradient of {@code of}. */
  private void product(
      Op.Gemm forward,
      Transpose transLeft,
      Value left,
      Transpose transRight,
      Value right,
      Value of) {
    Target target = target(of);
    graph.add(
        new Op.Gemm(transLeft, transRight, forward.alpha(), target.accumulate, Epilogue.NONE),
        List.of(left, right),
        List.of(target.value));
  }

  private static Transpose flip(Transpose transpose) {
    return transpose == Transpose.NO ? Transpose.YES : Transpose.NO;
  }

  private Value gradientOf(Node node) {
    Value gradient = gradients.get(node.result());
    if (gradient == null) {
      throw new IllegalArgumentException(
          "the result of " + ShapeRule.name(node.op()) + " does not influence the loss");
    }
    return gradient;
  }

  private Target target(Value value) {
    Value existing = gradients.get(value);
    if (existing != null) {
      return new Target(existing, true);
    }
    Value.Kind kind =
        value.kind() == Value.Kind.PARAMETER ? Value.Kind.PARAMETER_GRADIENT : Value.Kind.COMPUTED;
    Value gradient = new Value("d" + value.name(), value.type(), kind);
    gradients.put(value, gradient);
    return new Target(gradient, false);
  }

  private List<Value> ofParameters() {
    List<Value> ordered = new ArrayList<>();
    for (Value parameter : graph.parameters()) {
      Value gradient = gradients.get(parameter);
      if (gradient == null) {
        throw new IllegalArgumentException(
            "parameter " + parameter + " does not influence the loss");
      }
      ordered.add(gradient);
    }
    return ordered;
  }

  private record Target(Value value, boolean accumulate) {}
}
