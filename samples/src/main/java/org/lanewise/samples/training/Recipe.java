package org.lanewise.samples.training;

import org.lanewise.nn.train.Rule;
import org.lanewise.nn.train.Schedule;

/**
 * How a model is trained unless options say otherwise.
 *
 * @param epochs how often each sample is seen
 * @param batch samples in a step
 * @param learningRate at its highest; it falls to 0 along a cosine
 * @param warmup share of the steps in which the learning rate rises to that, from 0 to less than 1
 */
public record Recipe(
    int epochs, int batch, OptimizerName optimizer, double learningRate, double warmup) {
  /**
   * The optimizer, at its highest learning rate.
   *
   * @throws IllegalArgumentException if the learning rate is negative or not finite
   */
  public Rule createOptimizer() {
    return optimizer.create(learningRate);
  }

  /** The schedule for a training on so many samples. */
  Schedule schedule(long samples) {
    long steps = epochs * Math.ceilDiv(samples, batch);
    return Schedule.warmupCosine((long) (warmup * steps), steps);
  }
}
