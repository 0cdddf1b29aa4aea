package org.lanewise.nn.gradient;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;
import tools.jackson.databind.JsonNode;

/** The ops of the vocabulary that compute what a function of PyTorch does. */
final class ReferenceOps {
  private final GraphBuilder graph;
  private final Map<String, Value> inputs;
  private final JsonNode attributes;

  private ReferenceOps(GraphBuilder graph, Map<String, Value> inputs, JsonNode attributes) {
    this.graph = graph;
    this.inputs = inputs;
    this.attributes = attributes;
  }

  /** Adds the ops; returns the outputs by name. */
  static Map<String, Value> apply(
      String function, JsonNode attributes, GraphBuilder graph, Map<String, Value> inputs) {
    ReferenceOps ops = new ReferenceOps(graph, inputs, attributes);
    return switch (function) {
      case "linear" -> ops.linear();
      case "scaled_dot_product_attention" -> ops.attention();
      case "gelu" ->
          ops.activation(
              attributes.get("approximate").asString().equals("tanh")
                  ? Activation.GELU_TANH
                  : Activation.GELU);
      case "silu" -> ops.activation(Activation.SILU);
      case "conv2d" -> ops.convolution();
      case "max_pool2d" -> ops.y(new PoolingOp.MaxPooling(ops.poolingWindow()), "x");
      case "avg_pool2d" -> ops.y(new PoolingOp.AveragePooling(ops.poolingWindow(), true), "x");
      case "relu" -> ops.activation(Activation.RELU);
      case "sigmoid" -> ops.activation(Activation.SIGMOID);
      case "tanh" -> ops.activation(Activation.TANH);
      case "embedding" -> ops.y(new EmbeddingOp.Embedding(), "weight", "indices");
      case "mse" -> ops.y(new LossOp.MeanSquaredError(), "x", "target");
      case "cross_entropy" -> ops.crossEntropy();
      case "softmax" -> ops.y(new SoftmaxOp.Softmax(attributes.get("dim").asInt()), "x");
      case "log_softmax" -> ops.y(new SoftmaxOp.LogSoftmax(attributes.get("dim").asInt()), "x");
      case "layer_norm" -> ops.y(new NormOp.LayerNorm(ops.number("eps")), "x", "weight", "bias");
      case "batch_norm" -> ops.batchNorm();
      default -> throw new IllegalArgumentException(function);
    };
  }

  private Map<String, Value> linear() {
    boolean hasBias = inputs.containsKey("bias");
    Op op =
        new ProductOp.Gemm(
            Transpose.NO, Transpose.YES, 1f, hasBias ? Epilogue.BIAS : Epilogue.NONE);
    return hasBias ? y(op, "x", "weight", "bias") : y(op, "x", "weight");
  }

  private Map<String, Value> convolution() {
    Shape weight = inputs.get("weight").type().shape();
    Window window =
        Window.of((int) weight.dimension(2), (int) weight.dimension(3))
            .withStride(attribute("stride"))
            .withPadding(attribute("padding"))
            .withDilation(attribute("dilation"));
    return y(
        new ConvolutionOp.Convolution(window, attribute("groups"), Epilogue.ROW_BIAS),
        "x",
        "weight",
        "bias");
  }

  private Window poolingWindow() {
    return Window.of(attribute("kernel"))
        .withStride(attribute("stride"))
        .withPadding(attribute("padding"));
  }

  private int attribute(String name) {
    return attributes.get(name).asInt();
  }

  /** PyTorch has [batch, heads, length, headSize]. */
  private Map<String, Value> attention() {
    Shape q = inputs.get("q").type().shape();
    AttentionForm form = AttentionForm.of((int) q.dimension(1));
    form = attributes.get("causal").asInt() == 1 ? form.withCausal() : form;
    List<Value> rows = Stream.of("q", "k", "v").map(inputs::get).map(this::rows).toList();
    Value y = graph.add("", new AttentionOp.Attention(form), rows).result();
    Shape heads = Shape.of(q.dimension(0), q.dimension(2), q.dimension(1), q.dimension(3));
    y = graph.add("", new LayoutOp.Reshape(heads), List.of(y)).result();
    return Map.of("y", swapHeadsAndRows(y));
  }

  private Value rows(Value x) {
    Shape shape = x.type().shape();
    Shape rows =
        Shape.of(shape.dimension(0), shape.dimension(2), shape.dimension(1) * shape.dimension(3));
    return graph.add("", new LayoutOp.Reshape(rows), List.of(swapHeadsAndRows(x))).result();
  }

  private Value swapHeadsAndRows(Value x) {
    return graph.add("", new LayoutOp.Permute(List.of(0, 2, 1, 3)), List.of(x)).result();
  }

  private Map<String, Value> activation(Activation function) {
    return y(new ActivationOp.Activate(function), "x");
  }

  private Map<String, Value> crossEntropy() {
    Reduction reduction =
        Reduction.valueOf(attributes.get("reduction").asString().toUpperCase(Locale.ROOT));
    Op op =
        new LossOp.SoftmaxCrossEntropy(reduction, OptionalInt.of(-100), number("label_smoothing"));
    return y(op, "logits", "target");
  }

  private Map<String, Value> batchNorm() {
    boolean training = attributes.get("training").asInt() == 1;
    Op op = new NormOp.BatchNorm(number("eps"), number("momentum"), training);
    Node node = node(op, "x", "weight", "bias", "running_mean", "running_var");
    return training
        ? Map.of("y", node.result(), "running_mean", node.output(3), "running_var", node.output(4))
        : Map.of("y", node.result());
  }

  private float number(String attribute) {
    return (float) attributes.get(attribute).asDouble();
  }

  private Map<String, Value> y(Op op, String... names) {
    return Map.of("y", node(op, names).result());
  }

  private Node node(Op op, String... names) {
    return graph.add("", op, List.of(names).stream().map(inputs::get).toList());
  }
}
