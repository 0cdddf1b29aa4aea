package org.lanewise.nn.train;

import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * How parameters follow their gradients: which {@link Rule} each of them has. A rule is the
 * optimizer that gives it to all parameters; others are made from it by groups, as in
 *
 * <pre>{@code
 * adamW(1e-3, 0.1)
 *     .withoutDecay(p -> p.shape().rank() < 2)
 *     .group(p -> p.name().startsWith("encoder."), rule -> rule.withLearningRate(1e-5))
 * }</pre>
 *
 * <p>Parameters whose rules are equal make up a group: they lie together in memory, and one op
 * updates them all.
 */
@FunctionalInterface
public interface Optimizer {
  /** The rule of a parameter; the same whenever it is asked for. */
  Rule ruleOf(NamedParameter parameter);

  /**
   * This optimizer with another rule for some parameters.
   *
   * @param members which parameters
   * @param change makes their rule from the one that they have here
   */
  default Optimizer group(Predicate<NamedParameter> members, UnaryOperator<Rule> change) {
    return parameter -> {
      Rule rule = ruleOf(parameter);
      return members.test(parameter) ? change.apply(rule) : rule;
    };
  }

  /** This optimizer without weight decay of some parameters, usually biases and norms. */
  default Optimizer withoutDecay(Predicate<NamedParameter> members) {
    return group(members, rule -> rule.withWeightDecay(0));
  }

  /** Stochastic gradient descent. */
  static Sgd sgd(double learningRate) {
    return sgd(learningRate, 0);
  }

  /** Stochastic gradient descent with momentum. */
  static Sgd sgd(double learningRate, double momentum) {
    return new Sgd(learningRate, momentum, 0, false, 0);
  }

  /** RMSprop with decay 0.99 and ε 1e-8. */
  static RmsProp rmsProp(double learningRate) {
    return new RmsProp(learningRate, 0.99, 1e-8, 0, 0, false);
  }

  /** Adagrad with ε 1e-10. */
  static Adagrad adagrad(double learningRate) {
    return new Adagrad(learningRate, 1e-10, 0);
  }

  /** Adam with β₁ 0.9, β₂ 0.999 and ε 1e-8. */
  static Adam adam(double learningRate) {
    return new Adam(learningRate, 0.9, 0.999, 1e-8, 0, false, false, true);
  }

  /** Adam with decoupled weight decay. */
  static Adam adamW(double learningRate, double weightDecay) {
    return new Adam(learningRate, 0.9, 0.999, 1e-8, weightDecay, true, false, true);
  }
}
