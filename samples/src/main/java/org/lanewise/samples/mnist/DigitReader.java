package org.lanewise.samples.mnist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.session.Session;

/** Reads pictures with a classifier, whose weights a session has. */
final class DigitReader {
  private static final int AT_ONCE = 500;

  private final Session session;
  private final Function<Tensors, Tensor> probabilities;

  DigitReader(DigitClassifier classifier, Session session) {
    this.session = session;
    probabilities = in -> classifier.forward(in.get("x")).softmax(-1);
  }

  /** Reads pictures that lie one after the other. */
  List<Reading> read(float[] pictures) {
    List<Reading> readings = new ArrayList<>();
    for (int from = 0; from < pictures.length; from += AT_ONCE * Digits.PIXELS) {
      int to = Math.min(pictures.length, from + AT_ONCE * Digits.PIXELS);
      int count = (to - from) / Digits.PIXELS;
      HostTensor x = HostTensor.of(Arrays.copyOfRange(pictures, from, to), count, Digits.PIXELS);
      float[] all = session.run(probabilities, Map.of("x", x)).toFloats();
      for (int i = 0; i < count; i++) {
        int row = i * Digits.CLASSES;
        readings.add(new Reading(Arrays.copyOfRange(all, row, row + Digits.CLASSES)));
      }
    }
    return readings;
  }
}
