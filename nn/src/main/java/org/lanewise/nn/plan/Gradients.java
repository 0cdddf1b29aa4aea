package org.lanewise.nn.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.kernels.op.Activation.Gradient;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.SoftmaxOp;

/**
 * Reverse-mode differentiation by a rule per op (Griewank and Walther, "Evaluating Derivatives",
 * 2008): appends to a graph the ops that compute the gradient of its last result, a scalar loss,
 * with respect to all parameters.
 *
 * <p>The first op that contributes to a gradient writes it, later ones accumulate, so nothing needs
 * zeroing. An op that has one value as several inputs writes a part of its gradient for each, as
 * outputs cannot share memory, and the parts are added up.
 */
public final class Gradients {
  private final Graph graph;
  private final Set<Value> differentiable = new HashSet<>();
  private final Map<Value, Value> gradients = new HashMap<>();

  /** The gradients that are outputs of the op that is appended next. */
  private final Set<Value> claimed = new HashSet<>();

  private Gradients(Graph graph) {
    this.graph = graph;
  }

  /**
   * Appends the gradient ops.
   *
   * @return the gradient of each parameter, in the parameters' order; that of a parameter which
   *     does not influence the loss is written by no op, and is to be zero
   * @throws IllegalArgumentException if the last op is not a loss, or another one is
   */
  public static List<Value> append(Graph graph) {
    List<Node> nodes = graph.nodes();
    if (nodes.isEmpty() || !(nodes.getLast().op() instanceof LossOp)) {
      throw new IllegalArgumentException(
          "the last op of a graph must be a loss but is "
              + (nodes.isEmpty() ? "missing" : nodes.getLast().op().name()));
    }
    return new Gradients(graph).append();
  }

  /**
   * Appends the ops for the gradient of {@code Σ output · cotangent} instead (a vector-Jacobian
   * product).
   *
   * @return the gradient of each parameter, in the parameters' order
   */
  static List<Value> append(Graph graph, Value output, Value cotangent) {
    Gradients gradients = new Gradients(graph);
    gradients.gradients.put(output, cotangent);
    return gradients.append();
  }

  private List<Value> append() {
    List<Node> forward = List.copyOf(graph.nodes());
    findDifferentiable(forward);
    for (Node node : forward.reversed()) {
      propagate(node);
    }
    return ofParameters();
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
    boolean matters = gradients.containsKey(node.result()) || node.op() instanceof LossOp;
    if (!matters || !differentiable.contains(node.result())) {
      return;
    }
    switch ((Op.Forward) node.op()) {
      case ProductOp.Gemm op -> ProductGradients.gemm(op, node, this);
      case ActivationOp.Activate(var function) -> {
        Value x = node.inputs().getFirst();
        Value xOrY = function.gradient() == Gradient.FROM_INPUT ? x : node.result();
        Target dx = target(x);
        add(
            new ActivationOp.ActivateBackward(function, dx.accumulate()),
            List.of(xOrY, gradientOf(node)),
            dx);
      }
      case ConvolutionOp.Convolution op -> ImageGradients.convolution(op, node, this);
      case PoolingOp.MaxPooling _ -> ImageGradients.maxPooling(node, this);
      case PoolingOp.AveragePooling op -> ImageGradients.averagePooling(op, node, this);
      case AttentionOp.Attention op -> AttentionGradients.attention(op, node, this);
      case NormOp.LayerNorm _ -> NormGradients.layerNorm(node, this);
      case NormOp.RmsNorm _ -> NormGradients.rmsNorm(node, this);
      case NormOp.BatchNorm op -> NormGradients.batchNorm(op, node, this);
      case SoftmaxOp.Softmax(var axis) -> SoftmaxGradients.softmax(axis, node, this);
      case SoftmaxOp.CausalSoftmax _ -> SoftmaxGradients.softmax(-1, node, this);
      case SoftmaxOp.LogSoftmax(var axis) -> SoftmaxGradients.logSoftmax(axis, node, this);
      case LossOp.SoftmaxCrossEntropy op -> LossGradients.softmaxCrossEntropy(op, node, this);
      case ElementwiseOp.Binary op -> ElementwiseGradients.binary(op, node, this);
      case ElementwiseOp.Scale op -> ElementwiseGradients.scale(op, node, this);
      case ReductionOp.Sum _ -> ReductionGradients.sum(node, this);
      case ReductionOp.Mean op -> ReductionGradients.mean(op, node, this);
      case EmbeddingOp.Embedding _ -> EmbeddingGradients.embedding(node, this);
      case DropoutOp.Dropout op -> DropoutGradients.dropout(op, node, this);
      case LayoutOp.Permute op -> LayoutGradients.permute(op, node, this);
      case LayoutOp.Concat op -> LayoutGradients.concat(op, node, this);
      case LayoutOp.Slice op -> LayoutGradients.slice(op, node, this);
      case LayoutOp.Pad op -> LayoutGradients.pad(op, node, this);
      case LayoutOp.Reshape _ -> LayoutGradients.reshape(node, this);
      case LossOp.MeanSquaredError _ -> LossGradients.meanSquaredError(node, this);
      case LossOp.BinaryCrossEntropy op -> LossGradients.binaryCrossEntropy(op, node, this);
      case LossOp.Huber op -> LossGradients.huber(op, node, this);
    }
  }

  /** Appends an op that writes, or adds to, the gradients of values. */
  void add(Op op, List<Value> inputs, Target... targets) {
    graph.add(op, inputs, Arrays.stream(targets).map(Target::value).toList());
    claimed.clear();
    for (Target target : targets) {
      if (target.isPart()) {
        Op sum = new ElementwiseOp.Scale(1f, true);
        graph.add(sum, List.of(target.value()), List.of(target.gradient()));
      }
    }
  }

  /** Appends an op that computes part of a gradient. */
  Value compute(Op op, List<Value> inputs) {
    return graph.add(op, inputs).result();
  }

  boolean isDifferentiable(Value value) {
    return differentiable.contains(value);
  }

  boolean isLastForward(Node node) {
    return graph.nodes().stream()
        .filter(other -> other.op() instanceof Op.Forward)
        .reduce((_, last) -> last)
        .filter(last -> last == node)
        .isPresent();
  }

  /** The gradient of an op's first output. */
  Value gradientOf(Node node) {
    return gradients.get(node.result());
  }

  /** Where the op that is added next writes the gradient of a value: another place each time. */
  Target target(Value value) {
    boolean accumulate = gradients.containsKey(value);
    Value gradient = gradients.computeIfAbsent(value, Gradients::gradientLike);
    return claimed.add(gradient)
        ? new Target(gradient, accumulate, gradient)
        : new Target(
            new Value("part of " + gradient.name(), value.type(), Value.Kind.COMPUTED),
            false,
            gradient);
  }

  private static Value gradientLike(Value value) {
    Value.Kind kind =
        value.kind() == Value.Kind.PARAMETER ? Value.Kind.PARAMETER_GRADIENT : Value.Kind.COMPUTED;
    return new Value("d" + value.name(), value.type(), kind);
  }

  private List<Value> ofParameters() {
    return graph.parameters().stream()
        .map(parameter -> gradients.computeIfAbsent(parameter, Gradients::gradientLike))
        .toList();
  }

  /**
   * What an op writes of a gradient.
   *
   * @param value an output of the op
   * @param accumulate whether another op has contributed before
   * @param gradient the value, unless that is only a part that is added to it
   */
  record Target(Value value, boolean accumulate, Value gradient) {
    boolean isPart() {
      return value != gradient;
    }
  }
}
