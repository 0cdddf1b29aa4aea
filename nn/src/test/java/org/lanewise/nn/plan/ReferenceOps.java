package org.lanewise.nn.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;
import tools.jackson.databind.JsonNode;

/** The ops of the vocabulary that compute what a function of PyTorch does. */
final class ReferenceOps {
  /** Those that there are ops for. */
  static final Set<String> FUNCTIONS = Set.of("linear", "relu", "sigmoid", "tanh", "embedding");

  private final Graph graph;
  private final Map<String, Value> inputs;
  private final JsonNode attributes;

  private ReferenceOps(Graph graph, Map<String, Value> inputs, JsonNode attributes) {
    this.graph = graph;
    this.inputs = inputs;
    this.attributes = attributes;
  }

  /** Adds the ops; returns the outputs by name. */
  static Map<String, Value> apply(
      String function, JsonNode attributes, Graph graph, Map<String, Value> inputs) {
    ReferenceOps ops = new ReferenceOps(graph, inputs, attributes);
    return switch (function) {
      case "linear" -> ops.linear();
      case "relu" -> ops.activation(Activation.RELU);
      case "sigmoid" -> ops.activation(Activation.SIGMOID);
      case "tanh" -> ops.activation(Activation.TANH);
      case "embedding" -> ops.y(new EmbeddingOp.Embedding(), "weight", "indices");
      case "mse" -> ops.y(new LossOp.MeanSquaredError(), "x", "target");
      default -> throw new IllegalArgumentException(function);
    };
  }

  private Map<String, Value> linear() {
    boolean hasBias = inputs.containsKey("bias");
    Op op =
        new ProductOp.Gemm(
            Transpose.NO, Transpose.YES, 1f, false, hasBias ? Epilogue.BIAS : Epilogue.NONE);
    return hasBias ? y(op, "x", "weight", "bias") : y(op, "x", "weight");
  }

  private Map<String, Value> activation(Activation function) {
    return y(new ActivationOp.Activate(function), "x");
  }

  private Map<String, Value> y(Op op, String... names) {
    return Map.of("y", graph.add(op, List.of(names).stream().map(inputs::get).toList()).result());
  }
}
