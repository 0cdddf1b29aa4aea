package org.lanewise.samples.training;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a classifier makes of a sample.
 *
 * @param probabilities of each class
 */
public record Prediction(float[] probabilities) {
  /** The probability of a class. */
  public double probability(int label) {
    return probabilities[label];
  }

  /** The most probable class. */
  public int label() {
    return byProbability().getFirst();
  }

  /** All classes, the most probable first. */
  public List<Integer> byProbability() {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
        .toList();
  }
}
