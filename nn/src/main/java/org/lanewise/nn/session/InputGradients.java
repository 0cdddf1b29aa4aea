package org.lanewise.nn.session;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.gradient.Gradients;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.weights.Weights;

/** The graph of a scalar function with its gradients for some inputs, which are its outputs. */
final class InputGradients {
  private static final String RESULT = "result";

  private InputGradients() {}

  /**
   * Traces a function and appends its gradients.
   *
   * @param withRespectTo names of f32 inputs
   * @return its outputs are named by the inputs; there is none for one that the scalar does not
   *     depend on
   */
  static Graph of(
      Weights weights,
      Signature signature,
      Function<Tensors, Tensor> function,
      Collection<String> withRespectTo) {
    Graph forward =
        weights
            .components()
            .trace(Mode.EVALUATE, signature, in -> Tensors.of(RESULT, function.apply(in)));
    Map<Value, String> names = new LinkedHashMap<>();
    withRespectTo.forEach(name -> names.put(input(forward, name), name));
    GraphBuilder graph = forward.toBuilder();
    Gradients.append(graph, forward.output(RESULT), names.keySet())
        .forEach((input, gradient) -> graph.output(names.get(input), gradient));
    return graph.build();
  }

  private static Value input(Graph graph, String name) {
    Value input = graph.input(name);
    if (input.type().dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "'%s' is %s, and only f32 inputs have gradients".formatted(name, input.type()));
    }
    return input;
  }
}
