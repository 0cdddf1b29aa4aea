package org.lanewise.samples.training;

import java.util.Locale;
import java.util.function.DoubleFunction;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Rule;

/** The optimizers that the command line offers. */
public enum OptimizerName {
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

  /** The learning rate that most models are trained with. */
  double usualLearningRate() {
    return usualLearningRate;
  }

  /**
   * The optimizer of this name.
   *
   * @throws IllegalArgumentException if the learning rate is negative or not finite
   */
  Rule create(double learningRate) {
    return constructor.apply(learningRate);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
