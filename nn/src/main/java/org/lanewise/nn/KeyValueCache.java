package org.lanewise.nn;

/**
 * The keys and values of the tokens so far, so that a text is continued token by token without
 * computing them again. Each session has its own, see {@link State#ofSession}. What it holds from a
 * position on does not matter before it is written, so nothing need be cleared for another text.
 *
 * @param keys [batch, capacity, keyValueHeads · headSize]
 * @param values with the shape of keys
 */
public record KeyValueCache(State keys, State values) {
  /**
   * A cache with room for so many tokens of each sample.
   *
   * @param name that no other cache of the model has, as in {@code cache.3}
   * @param width keyValueHeads · headSize
   */
  public static KeyValueCache of(String name, long batch, long capacity, long width) {
    return new KeyValueCache(
        State.ofSession(name + ".keys", batch, capacity, width),
        State.ofSession(name + ".values", batch, capacity, width));
  }
}
