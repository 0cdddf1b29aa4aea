package org.lanewise.samples.mnist;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lanewise.kernels.Softmax;
import org.lanewise.nn.train.Trainer;

/**
 * What a classifier reads in a picture.
 *
 * @param probabilities of each digit
 */
record Reading(float[] probabilities) {
  /** Reads pictures that lie one after the other. */
  static List<Reading> of(Trainer classifier, float[] pictures) {
    float[] all = softmax(classifier.predict(pictures));
    return IntStream.range(0, all.length / Digits.CLASSES)
        .map(picture -> picture * Digits.CLASSES)
        .mapToObj(from -> new Reading(Arrays.copyOfRange(all, from, from + Digits.CLASSES)))
        .toList();
  }

  private static float[] softmax(float[] logits) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment rows = arena.allocateFrom(JAVA_FLOAT, logits);
      Softmax.softmax(logits.length / Digits.CLASSES, Digits.CLASSES, rows, rows);
      return rows.toArray(JAVA_FLOAT);
    }
  }

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
