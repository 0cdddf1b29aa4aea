package org.lanewise.nn.models;

import java.util.Arrays;
import java.util.PrimitiveIterator;
import org.lanewise.kernels.RandomStream;
import org.lanewise.nn.Streams;

/** The tokens that follow a text, without an end. */
final class Continuation implements PrimitiveIterator.OfInt {
  private final CachedGpt model;
  private final Sampling sampling;
  private final RandomStream random;
  private final int[] excluded;

  /** What the model sees of the text. */
  private int[] window;

  /** Tokens of the window that the model has read. */
  private int read;

  Continuation(CachedGpt model, int[] prompt, Sampling sampling, long seed, int[] excluded) {
    this.model = model;
    this.excluded = excluded;
    this.sampling = sampling;
    random = new RandomStream(seed, Streams.of("sampling"));
    window = prompt.clone();
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public int nextInt() {
    if (window.length > model.context()) {
      int kept = Math.max(1, model.context() / 2);
      window = Arrays.copyOfRange(window, window.length - kept, window.length);
      read = 0;
    }
    if (!model.holds(this)) {
      read = 0;
    }
    float[] logits = model.logits(this, read, window);
    read = window.length;
    for (int token : excluded) {
      logits[token] = Float.NEGATIVE_INFINITY;
    }
    int token = sampling.choose(logits, random.nextDouble());
    window = Arrays.copyOf(window, window.length + 1);
    window[window.length - 1] = token;
    return token;
  }
}
