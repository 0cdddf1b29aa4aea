package org.lanewise.kernels.arrays;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;
import org.lanewise.kernels.op.AttentionShape;

/** The checks that the entry points have in common. A message names the argument and the values. */
final class Checks {
  private Checks() {}

  /** A size that is not negative. */
  static void size(String name, int size) {
    if (size < 0) {
      throw new IllegalArgumentException("%s must not be negative but is %d".formatted(name, size));
    }
  }

  /** A size that is not 0 either. */
  static void positive(String name, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("%s must be at least 1 but is %d".formatted(name, size));
    }
  }

  /** A size that has a limit. */
  static void atMost(String name, int size, int limit) {
    if (size > limit) {
      throw new IllegalArgumentException(
          "%s must be at most %d but is %d".formatted(name, limit, size));
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
  static int elements(String name1, int size1, String name2, int size2, String name3, int size3) {
    size(name1, size1);
    size(name2, size2);
    size(name3, size3);
    if (size1 == 0 || size2 == 0 || size3 == 0) {
      return 0;
    }
    if ((long) size1 * size2 > Integer.MAX_VALUE
        || (long) size1 * size2 * size3 > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s × %s × %s = %d × %d × %d is more than an array holds"
              .formatted(name1, name2, name3, size1, size2, size3));
    }
    return size1 * size2 * size3;
  }

  /** The sum of three sizes. */
  static int sum(String aName, int a, String bName, int b, String cName, int c) {
    size(aName, a);
    size(bName, b);
    size(cName, c);
    long sum = (long) a + b + c;
    if (sum > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s + %s + %s = %d + %d + %d is more than an array holds"
              .formatted(aName, bName, cName, a, b, c));
    }
    return (int) sum;
  }

  /** How many elements a tensor has at least that has a block of rows. */
  static int blockEnd(String name, int rows, int columns, int offset, int stride) {
    size(name + "Offset", offset);
    if (stride < columns) {
      throw new IllegalArgumentException(
          "%sStride must be at least columns = %d but is %d".formatted(name, columns, stride));
    }
    if (rows == 0 || columns == 0) {
      return offset;
    }
    long last = rows - 1;
    long end = offset + last * stride + columns;
    if (end > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("the block of %s ends after element 2^31".formatted(name));
    }
    return (int) end;
  }

  /** The elements that a tensor of attention needs. */
  static int extent(
      String name, AttentionShape shape, AttentionShape.Layout layout, int heads, int rows) {
    try {
      return Math.toIntExact(layout.extent(shape.batch(), heads, rows, shape.headSize()));
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
      int heads,
      String otherName,
      Object other,
      int otherElements,
      AttentionShape.Layout otherLayout,
      int otherHeads,
      AttentionShape shape) {
    if (!layout.isBeside(heads, otherLayout, otherHeads, 0, shape.headSize())) {
      disjoint(name, output, elements, otherName, other, otherElements);
    }
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

  /** A tensor that is read. */
  static void input(String name, Object array, int elements) {
    Objects.requireNonNull(array, name);
    if (Array.getLength(array) < elements) {
      throw new IllegalArgumentException(
          "%s must hold %d elements but has %d".formatted(name, elements, Array.getLength(array)));
    }
  }

  /** The same; an array knows its type. */
  static void input(String name, Object array, int elements, int elementBytes) {
    input(name, array, elements);
  }

  /** A tensor that is written. */
  static void output(String name, Object array, int elements) {
    input(name, array, elements);
  }

  /** The same; an array knows its type. */
  static void output(String name, Object array, int elements, int elementBytes) {
    input(name, array, elements);
  }

  /** An output that is not another tensor. */
  static void disjoint(
      String name, Object output, int elements, String otherName, Object other, int otherElements) {
    if (output == other && elements > 0 && otherElements > 0) {
      throw new IllegalArgumentException(name + " must not be the same array as " + otherName);
    }
  }

  /** An output from one element to another that does not overlap with such a part of a tensor. */
  static void disjoint(
      String name,
      Object output,
      int from,
      int to,
      String otherName,
      Object other,
      int otherFrom,
      int otherTo,
      int elementBytes) {
    if (output == other && from < otherTo && otherFrom < to) {
      throw new IllegalArgumentException(
          "%s must not overlap with %s but they are elements %d to %d and %d to %d of one array"
              .formatted(name, otherName, from, to, otherFrom, otherTo));
    }
  }

  /** Arrays are the same or do not overlap, so there is nothing to refuse. */
  static void sameOrDisjoint(
      String name, Object output, String otherName, Object other, int elements) {}

  /** Nor is there for other types. */
  static void sameOrDisjoint(
      String name, Object output, String otherName, Object other, int elements, int elementBytes) {}
}
