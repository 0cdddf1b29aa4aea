package org.lanewise.samples.mnist;

import java.util.Locale;
import java.util.function.DoubleFunction;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Rule;

/** The optimizers that the command line offers. */
enum OptimizerName {
  SGD(0.1, Optimizer::sgd),
  MOMENTUM(0.01, rate -> Optimizer.sgd(rate, 0.9)),
  RMSPROP(1e-3, Optimizer::rmsProp),
  ADAM(1e-3, Optimizer::adam),
  ADAMW(1e-3, rate -> Optimizer.adamW(rate, 0.01));

  private final double usualLearningRate;
  private final DoubleFunction<Rule> constructor;

  OptimizerName(double usualLearningRate, DoubleFunction<Rule> constructor) {
    this.usualLearningRate = usualLearningRate;
    this.constructor = constructor;
  }

  /**
   * The optimizer of this name.
   *
   * @param learningRate at least 0, or null for the usual one
   */
  Rule create(Double learningRate) {
    return constructor.apply(learningRate == null ? usualLearningRate : learningRate);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
