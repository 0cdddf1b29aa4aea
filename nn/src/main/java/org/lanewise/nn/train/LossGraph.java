package org.lanewise.nn.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.gradient.Gradients;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.weights.Weights;

/** The graphs of a loss: with gradients to train, without to evaluate. */
record LossGraph(Weights weights, Function<Tensors, Tensor> loss) {
  /** The output that is the loss. */
  static final String LOSS = "loss";

  /**
   * What tells the plans of one training apart.
   *
   * @param adds whether gradients are added to those of the batches before
   */
  record Key(Mode mode, Signature signature, boolean adds) {}

  private static final String GRADIENT = "gradient of ";

  /** The output that is the gradient of a parameter. */
  static String gradient(String parameter) {
    return GRADIENT + parameter;
  }

  /** The loss, and what the function names besides. */
  Graph forward(Mode mode, Signature signature) {
    return weights.components().trace(mode, signature, in -> Tensors.of(LOSS, loss.apply(in)));
  }

  /** A graph of the loss with its gradient for each trained parameter that it depends on. */
  Graph withGradients(Graph forward) {
    GraphBuilder graph = forward.toBuilder();
    List<Value> trained = new ArrayList<>();
    forward
        .parameters()
        .forEach((name, value) -> {
          if (weights.isTrainable(name)) {
            trained.add(value);
          }
        });
    Gradients.append(graph, forward.output(LOSS), trained)
        .forEach((parameter, value) -> graph.output(gradient(parameter.name()), value));
    return graph.build();
  }

  /** A graph of the loss with ops that add its gradients to what is there. */
  Graph addingGradients(Graph forward, List<String> trained) {
    GraphBuilder graph = forward.toBuilder();
    Map<Value, Value> into = new LinkedHashMap<>();
    for (String name : trained) {
      Value parameter = forward.parameters().get(name);
      Value gradient = graph.computed(gradient(name), parameter.type());
      into.put(parameter, gradient);
      graph.output(gradient(name), gradient);
    }
    Gradients.appendAdding(graph, forward.output(LOSS), into);
    return graph.build();
  }

  /** Names of the parameters that have a gradient in a graph, in the order of the model. */
  List<String> trained(Graph withGradients) {
    return weights.components().parameters().keySet().stream()
        .filter(name -> withGradients.outputs().containsKey(gradient(name)))
        .toList();
  }
}
