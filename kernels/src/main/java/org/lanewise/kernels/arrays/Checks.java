package org.lanewise.kernels.arrays;

import java.lang.reflect.Array;
import java.util.Objects;
import org.lanewise.kernels.AttentionShape;

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

  /** The elements that a tensor of attention needs. */
  static int extent(String name, AttentionShape shape, AttentionShape.Layout layout, int rows) {
    try {
      return Math.toIntExact(layout.extent(shape.batch(), shape.heads(), rows, shape.headSize()));
    } catch (ArithmeticException tooMany) {
      throw new IllegalArgumentException(
          "%s with %s of %s extends over more elements than an array holds"
              .formatted(name, layout, shape),
          tooMany);
    }
  }

  /** An output that is not another tensor unless they are columns of one matrix. */
  static void disjoint(
      String name,
      Object output,
      int elements,
      AttentionShape.Layout layout,
      String otherName,
      Object other,
      int otherElements,
      AttentionShape.Layout otherLayout,
      AttentionShape shape) {
    if (!layout.isBeside(otherLayout, 0, shape.heads(), shape.headSize())) {
      disjoint(name, output, elements, otherName, other, otherElements);
    }
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
