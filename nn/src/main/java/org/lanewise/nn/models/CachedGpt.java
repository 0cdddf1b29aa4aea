package org.lanewise.nn.models;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.KeyValueCache;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.session.Session;

/** A model in a session, with caches for one text at a time. */
final class CachedGpt {
  private static final AtomicLong COUNT = new AtomicLong();

  private final Gpt model;
  private final Session session;
  private final Function<Tensors, Tensor> next;

  /** The text that the caches hold. */
  private Object reader;

  CachedGpt(Gpt model, Session session) {
    this.model = model;
    this.session = session;
    List<KeyValueCache> caches = model.caches("generation." + COUNT.incrementAndGet(), 1);
    next = in -> model.next(in.get("ids"), in.get("places"), in.get("position"), caches);
  }

  int context() {
    return model.config().context();
  }

  /** Whether what a text has read last is still there. */
  boolean holds(Object text) {
    return reader == text;
  }

  /**
   * What comes after some tokens of a text.
   *
   * @param text that reads
   * @param from how many tokens of it are in the caches
   * @param tokens the whole text so far
   */
  float[] logits(Object text, int from, int[] tokens) {
    reader = null; // until all blocks have read
    int length = tokens.length - from;
    int[] places = new int[length];
    Arrays.setAll(places, i -> from + i);
    HostTensor logits =
        session.run(
            next,
            Map.of(
                "ids", HostTensor.of(Arrays.copyOfRange(tokens, from, tokens.length), 1, length),
                "places", HostTensor.of(places, 1, length),
                "position", HostTensor.of(new int[] {from}, 1)));
    reader = text;
    return logits.toFloats();
  }
}
