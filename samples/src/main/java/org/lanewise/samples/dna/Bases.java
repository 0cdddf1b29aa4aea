package org.lanewise.samples.dna;

import java.util.List;
import org.lanewise.nn.HostTensor;

/** Windows of DNA as inputs of a network. */
final class Bases {
  /** Bases in a window; the middle is before the one at half of it. */
  static final int WINDOW = 60;

  /** Kinds of bases. */
  static final int KINDS = 4;

  private static final String LETTERS = "ACGT";

  private Bases() {}

  /**
   * What is wrong with a window, or null if nothing is.
   *
   * @param sequence letters
   */
  static String fault(String sequence) {
    if (sequence.length() != WINDOW) {
      return "%d bases expected but there are %d".formatted(WINDOW, sequence.length());
    }
    for (int i = 0; i < WINDOW; i++) {
      if (kind(sequence, i) < 0) {
        return "base %d is '%c', A, C, G or T expected".formatted(i + 1, sequence.charAt(i));
      }
    }
    return null;
  }

  private static int kind(String sequence, int position) {
    return LETTERS.indexOf(Character.toUpperCase(sequence.charAt(position)));
  }

  /**
   * Windows, a row of 60 for each kind of base, which is 1 where the base is of that kind.
   *
   * @return [windows, 4, 1, 60]
   */
  static HostTensor oneHot(List<String> sequences) {
    float[] elements = new float[sequences.size() * KINDS * WINDOW];
    for (int i = 0; i < sequences.size(); i++) {
      for (int position = 0; position < WINDOW; position++) {
        int kind = kind(sequences.get(i), position);
        elements[(i * KINDS + kind) * WINDOW + position] = 1;
      }
    }
    return HostTensor.of(elements, sequences.size(), KINDS, 1, WINDOW);
  }
}
