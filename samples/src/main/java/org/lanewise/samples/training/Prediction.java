package org.lanewise.samples.training;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
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

  /**
   * The most probable classes, as in {@code 7 98.10 %, 1 1.20 %}.
   *
   * @param most how many
   * @param name of a class
   */
  public String describe(int most, IntFunction<String> name) {
    return byProbability().stream()
        .limit(most)
        .map(label ->
            String.format(Locale.ROOT, "%s %.2f %%", name.apply(label), 100 * probability(label)))
        .collect(Collectors.joining(", "));
  }
}
