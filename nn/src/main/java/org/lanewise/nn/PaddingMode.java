package org.lanewise.nn;

/** What lies around the elements of an axis, by PyTorch's names. */
public enum PaddingMode {
  /** Zeros. */
  ZEROS,
  /** The elements as in a mirror, without the first or last one: {@code c b | a b c | b a}. */
  REFLECT,
  /** The first or last element again: {@code a a | a b c | c c}. */
  REPLICATE,
  /** The elements again and again: {@code b c | a b c | a b}. */
  CIRCULAR
}
