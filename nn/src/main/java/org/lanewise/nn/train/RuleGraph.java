package org.lanewise.nn.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Components;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.graph.Graph;

/** What a rule of tensors' operations does to a parameter, as a graph that replaces states. */
final class RuleGraph {
  /** The state that is the parameter. */
  static final String PARAMETER = "parameter";

  /** The input that is its gradient. */
  static final String GRADIENT = "gradient";

  /** The input that the gradient is multiplied with. */
  static final String GRADIENT_SCALE = "gradient scale";

  /** The input that is the learning rate of the step. */
  static final String LEARNING_RATE = "learning rate";

  private RuleGraph() {}

  /** The state that is one of those which the rule keeps. */
  static String state(int index) {
    return "state " + index;
  }

  /**
   * The graph of a parameter.
   *
   * @throws ShapeException if the rule makes tensors of other shapes than it says
   */
  static Graph of(Rule.Custom rule, String parameter, Shape shape) {
    List<Shape> stateShapes = rule.states(shape);
    Signature states = Signature.of(PARAMETER, TensorType.f32(shape));
    for (int i = 0; i < stateShapes.size(); i++) {
      states = states.and(state(i), TensorType.f32(stateShapes.get(i)));
    }
    Signature inputs =
        Signature.of(GRADIENT, TensorType.f32(shape))
            .and(GRADIENT_SCALE, TensorType.f32())
            .and(LEARNING_RATE, TensorType.f32());
    return Components.traceUpdates(
        states,
        inputs,
        in -> {
          List<Tensor> kept = new ArrayList<>();
          for (int i = 0; i < stateShapes.size(); i++) {
            kept.add(in.get(state(i)));
          }
          Tensor gradient = in.get(GRADIENT).mul(in.get(GRADIENT_SCALE));
          Rule.Update update =
              rule.update(in.get(PARAMETER), gradient, kept, in.get(LEARNING_RATE));
          return results(rule, parameter, shape, stateShapes, update);
        });
  }

  private static Tensors results(
      Rule rule, String parameter, Shape shape, List<Shape> states, Rule.Update update) {
    List<Shape> made = update.states().stream().map(Tensor::shape).toList();
    if (!update.parameter().shape().equals(shape) || !made.equals(states)) {
      throw new ShapeException(
          "%s makes of '%s' a parameter %s and states %s, which must be %s and %s"
              .formatted(rule, parameter, update.parameter().shape(), made, shape, states));
    }
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    results.put(PARAMETER, update.parameter());
    for (int i = 0; i < states.size(); i++) {
      results.put(state(i), update.states().get(i));
    }
    return new Tensors(results);
  }
}
