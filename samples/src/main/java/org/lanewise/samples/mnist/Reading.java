package org.lanewise.samples.mnist;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a classifier reads in a picture.
 *
 * @param probabilities of each digit
 */
record Reading(float[] probabilities) {
  double probability(int digit) {
    return probabilities[digit];
  }

  /** The most probable digit. */
  int digit() {
    return byProbability().getFirst();
  }

  /** All digits, the most probable first. */
  List<Integer> byProbability() {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
        .toList();
  }
}
