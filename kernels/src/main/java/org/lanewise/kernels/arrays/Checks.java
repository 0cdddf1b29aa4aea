package org.lanewise.kernels.arrays;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;

/** The checks that the entry points have in common. A message names the argument and the values. */
final class Checks {
  private Checks() {}

  /** A size that is not negative. */
  static void size(String name, int size) {
    if (size < 0) {
      throw new IllegalArgumentException("%s must not be negative but is %d".formatted(name, size));
    }
  }

  /** The number of elements of a matrix, neither of whose sizes is negative. */
  static int elements(String rowsName, int rows, String columnsName, int columns) {
    size(rowsName, rows);
    size(columnsName, columns);
    long elements = (long) rows * columns;
    if (elements > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s × %s = %d × %d is more than an array holds"
              .formatted(rowsName, columnsName, rows, columns));
    }
    return (int) elements;
  }

  /** The number of elements of a tensor, none of whose sizes is negative. */
  static int elements(String name, int... sizes) {
    long elements = 1;
    for (int size : sizes) {
      size("a size of " + name, size);
      elements *= size;
      if (elements > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "%s %s has more elements than an array holds".formatted(name, Arrays.toString(sizes)));
      }
    }
    return (int) elements;
  }

  /** A hyperparameter in a range that excludes its upper end. NaN is in no range. */
  static void range(String name, double value, double from, double below) {
    if (!(value >= from && value < below)) {
      throw new IllegalArgumentException(
          "%s must be in [%s, %s) but is %s".formatted(name, from, below, value));
    }
  }

  /** A tensor that is read. */
  static void input(String name, Object array, int elements) {
    Objects.requireNonNull(array, name);
    if (Array.getLength(array) < elements) {
      throw new IllegalArgumentException(
          "%s must hold %d elements but has %d".formatted(name, elements, Array.getLength(array)));
    }
  }

  /** A tensor that is written. */
  static void output(String name, Object array, int elements) {
    input(name, array, elements);
  }

  /** An output that is not another tensor. */
  static void disjoint(
      String name, Object output, int elements, String otherName, Object other, int otherElements) {
    if (output == other && elements > 0 && otherElements > 0) {
      throw new IllegalArgumentException(name + " must not be the same array as " + otherName);
    }
  }

  /** Arrays are the same or do not overlap, so there is nothing to refuse. */
  static void sameOrDisjoint(
      String name, Object output, String otherName, Object other, int elements) {}
}
