package org.lanewise.nn.graph;

import java.util.Objects;

/**
 * What a node does to one of its outputs.
 *
 * @param value the output
 * @param mode whether it is overwritten or added to
 */
public record Write(Value value, Mode mode) {
  /** How a value is written. */
  public enum Mode {
    /** What the value held before does not matter. */
    OVERWRITE,
    /** The result is added to what the value holds. */
    ADD
  }

  /** Checks that nothing is null. */
  public Write {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(mode, "mode");
  }

  /** A write of a value that is new, or whose old elements are not needed. */
  public static Write overwrite(Value value) {
    return new Write(value, Mode.OVERWRITE);
  }

  /** A write that adds to a value. */
  public static Write add(Value value) {
    return new Write(value, Mode.ADD);
  }

  /** Whether the result is added to what the value holds. */
  public boolean adds() {
    return mode == Mode.ADD;
  }
}
