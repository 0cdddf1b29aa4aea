package org.lanewise.nn.onnx;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A length of an axis, or a bound of a slice, at each of the sizes that a function was traced at.
 */
record Dimension(List<Long> lengths) {
  Dimension {
    lengths = List.copyOf(lengths);
  }

  /** What is read from each of some traces. */
  static <T> Dimension of(List<T> traces, ToLongFunction<T> length) {
    return new Dimension(traces.stream().map(trace -> length.applyAsLong(trace)).toList());
  }

  /** Whether it is the same at all sizes. */
  boolean isConstant() {
    return lengths.stream().distinct().count() == 1;
  }

  /** Whether it has a length at all sizes. */
  boolean is(long length) {
    return lengths.stream().allMatch(own -> own == length);
  }

  /** At the sizes of a trace. */
  long at(int trace) {
    return lengths.get(trace);
  }

  int traces() {
    return lengths.size();
  }

  /** As in {@code 7}, or {@code 2, 3, 4} where it varies. */
  @Override
  public String toString() {
    String all = lengths.toString();
    return isConstant() ? lengths.getFirst().toString() : all.substring(1, all.length() - 1);
  }
}
