package org.lanewise.nn;

import java.util.List;
import java.util.Map;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.plan.DeadNodes;
import org.lanewise.nn.plan.Fusion;
import org.lanewise.nn.plan.Graph;
import org.lanewise.nn.plan.Value;

/**
 * What a model computes for one batch size, before it has memory.
 *
 * @param graph the ops from input to loss
 * @param input the model's input
 * @param output the model's output
 * @param target what the loss compares the output with
 * @param loss the loss, a scalar
 */
public record TracedModel(Graph graph, Value input, Value output, Value target, Value loss) {
  /**
   * Records a model.
   *
   * @param parameters the model's parameters by name
   * @param input type of a whole batch
   * @throws ShapeException if the shapes do not fit; the message ends with the model's line
   */
  public static TracedModel of(
      Layer model, Map<String, Parameter> parameters, TensorType input, Loss loss) {
    Trace trace = new Trace(parameters);
    Graph graph = trace.graph();
    Value x = graph.input("input", input);
    Value y = model.forward(new Tensor(trace, x)).value();
    if (y.type().shape().rank() == 0) {
      throw new ShapeException("the model's output must have a batch dimension but is " + y);
    }
    Value target = graph.input("target", loss.targetType(y.type()));
    Value result = trace.apply(loss.op(), List.of(y, target)).value();
    DeadNodes.drop(graph, List.of(y, result));
    Fusion.apply(graph, List.of(y, result));
    return new TracedModel(graph, x, y, target, result);
  }
}
