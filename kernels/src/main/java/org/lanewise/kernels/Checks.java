package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;
import org.lanewise.kernels.op.AttentionShape;

/** The checks that the entry points have in common. A message names the argument and the values. */
final class Checks {
  private Checks() {}

  /** A size that is not negative. */
  static void size(String name, long size) {
    if (size < 0) {
      throw new IllegalArgumentException("%s must not be negative but is %d".formatted(name, size));
    }
  }

  /** A size that is not 0 either. */
  static void positive(String name, long size) {
    if (size < 1) {
      throw new IllegalArgumentException("%s must be at least 1 but is %d".formatted(name, size));
    }
  }

  /** A size that has a limit. */
  static void atMost(String name, long size, long limit) {
    if (size > limit) {
      throw new IllegalArgumentException(
          "%s must be at most %d but is %d".formatted(name, limit, size));
    }
  }

  /** The number of elements of a matrix, neither of whose sizes is negative. */
  static long elements(String rowsName, long rows, String columnsName, long columns) {
    size(rowsName, rows);
    size(columnsName, columns);
    if (Math.multiplyHigh(rows, columns) != 0 || rows * columns < 0) {
      throw new IllegalArgumentException(
          "%s × %s = %d × %d is more than 2^63".formatted(rowsName, columnsName, rows, columns));
    }
    return rows * columns;
  }

  /** The number of elements of a tensor, none of whose sizes is negative. */
  static long elements(
      String name1, long size1, String name2, long size2, String name3, long size3) {
    size(name1, size1);
    size(name2, size2);
    size(name3, size3);
    if (size1 == 0 || size2 == 0 || size3 == 0) {
      return 0;
    }
    if (size1 > Long.MAX_VALUE / size2 || size1 * size2 > Long.MAX_VALUE / size3) {
      throw new IllegalArgumentException(
          "%s × %s × %s = %d × %d × %d is more than 2^63"
              .formatted(name1, name2, name3, size1, size2, size3));
    }
    return size1 * size2 * size3;
  }

  /** The sum of three sizes. */
  static long sum(String aName, long a, String bName, long b, String cName, long c) {
    size(aName, a);
    size(bName, b);
    size(cName, c);
    if (a + b < 0 || a + b + c < 0) {
      throw new IllegalArgumentException(
          "%s + %s + %s = %d + %d + %d is more than 2^63".formatted(aName, bName, cName, a, b, c));
    }
    return a + b + c;
  }

  /** How many elements a tensor has at least that has a block of rows. */
  static long blockEnd(String name, long rows, long columns, long offset, long stride) {
    size(name + "Offset", offset);
    if (stride < columns) {
      throw new IllegalArgumentException(
          "%sStride must be at least columns = %d but is %d".formatted(name, columns, stride));
    }
    if (rows == 0 || columns == 0) {
      return offset;
    }
    long last = rows - 1;
    long reach = Long.MAX_VALUE - offset - columns;
    if (reach < 0
        || Math.multiplyHigh(last, stride) != 0
        || last * stride < 0
        || last * stride > reach) {
      throw new IllegalArgumentException("the block of %s ends after element 2^63".formatted(name));
    }
    return offset + last * stride + columns;
  }

  /** The elements that a tensor of attention needs. */
  static long extent(
      String name, AttentionShape shape, AttentionShape.Layout layout, int heads, long rows) {
    try {
      return layout.extent(shape.batch(), heads, rows, shape.headSize());
    } catch (ArithmeticException tooMany) {
      throw new IllegalArgumentException(
          "%s with %s of %s extends over more than 2^63 elements".formatted(name, layout, shape),
          tooMany);
    }
  }

  /** An output that does not overlap with another tensor unless they are columns of one matrix. */
  static void disjoint(
      String name,
      MemorySegment output,
      long elements,
      AttentionShape.Layout layout,
      int heads,
      String otherName,
      MemorySegment other,
      long otherElements,
      AttentionShape.Layout otherLayout,
      int otherHeads,
      AttentionShape shape) {
    long distance = (other.address() - output.address()) / Float.BYTES;
    if (!layout.isBeside(heads, otherLayout, otherHeads, distance, shape.headSize())) {
      long from = Math.min(layout.offset(), elements);
      long otherFrom = Math.min(otherLayout.offset(), otherElements);
      disjoint(
          name, output, from, elements, otherName, other, otherFrom, otherElements, Float.BYTES);
    }
  }

  /** The number of elements of a tensor, none of whose sizes is negative. */
  static long elements(String name, long... sizes) {
    long elements = 1;
    for (long size : sizes) {
      size("a size of " + name, size);
      if (Math.multiplyHigh(elements, size) != 0 || elements * size < 0) {
        throw new IllegalArgumentException(
            "%s %s has more than 2^63 elements".formatted(name, Arrays.toString(sizes)));
      }
      elements *= size;
    }
    return elements;
  }

  /** A tensor of 4-byte elements that is read. */
  static void input(String name, MemorySegment segment, long elements) {
    input(name, segment, elements, Float.BYTES);
  }

  /** A tensor that is read, of elements of a power of two bytes. */
  static void input(String name, MemorySegment segment, long elements, int elementBytes) {
    Objects.requireNonNull(segment, name);
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          name + " must be a native segment, as an Arena allocates, but is on the Java heap");
    }
    if ((segment.address() & (elementBytes - 1)) != 0) {
      throw new IllegalArgumentException(
          "%s must be aligned to %d bytes but its address is %#x"
              .formatted(name, elementBytes, segment.address()));
    }
    if (segment.byteSize() >> Integer.numberOfTrailingZeros(elementBytes) < elements) {
      throw new IllegalArgumentException(
          "%s must hold %d elements of %d bytes but has %d bytes"
              .formatted(name, elements, elementBytes, segment.byteSize()));
    }
  }

  /** A tensor of 4-byte elements that is written. */
  static void output(String name, MemorySegment segment, long elements) {
    output(name, segment, elements, Float.BYTES);
  }

  /** A tensor that is written. */
  static void output(String name, MemorySegment segment, long elements, int elementBytes) {
    input(name, segment, elements, elementBytes);
    if (segment.isReadOnly()) {
      throw new IllegalArgumentException(name + " must be writable but is read-only");
    }
  }

  /** An array of elements. */
  static void array(String name, Object array, long elements) {
    Objects.requireNonNull(array, name);
    if (Array.getLength(array) < elements) {
      throw new IllegalArgumentException(
          "%s must hold %d elements but has %d".formatted(name, elements, Array.getLength(array)));
    }
  }

  /** An output that does not overlap with another tensor. */
  static void disjoint(
      String name,
      MemorySegment output,
      long elements,
      String otherName,
      MemorySegment other,
      long otherElements) {
    disjoint(name, output, 0, elements, otherName, other, 0, otherElements, Float.BYTES);
  }

  /** An output from one element to another that does not overlap with such a part of a tensor. */
  static void disjoint(
      String name,
      MemorySegment output,
      long from,
      long to,
      String otherName,
      MemorySegment other,
      long otherFrom,
      long otherTo,
      int elementBytes) {
    if (output.address() + from * elementBytes < other.address() + otherTo * elementBytes
        && other.address() + otherFrom * elementBytes < output.address() + to * elementBytes) {
      throw new IllegalArgumentException(
          "%s must not overlap with %s but they are %d bytes apart"
              .formatted(
                  name,
                  otherName,
                  output.address() - other.address() + (from - otherFrom) * elementBytes));
    }
  }

  /** A part of an array that does not overlap with a part of another one. */
  static void disjointArrays(
      String name,
      Object output,
      long from,
      long to,
      String otherName,
      Object other,
      long otherFrom,
      long otherTo) {
    if (output == other && from < otherTo && otherFrom < to) {
      throw new IllegalArgumentException(
          "%s must not overlap with %s but they are elements %d to %d and %d to %d of one array"
              .formatted(name, otherName, from, to, otherFrom, otherTo));
    }
  }

  /** An output of the size of an input that is either the same memory or does not overlap. */
  static void sameOrDisjoint(
      String name, MemorySegment output, String otherName, MemorySegment other, long elements) {
    sameOrDisjoint(name, output, otherName, other, elements, Float.BYTES);
  }

  /** The same of elements of other types. */
  static void sameOrDisjoint(
      String name,
      MemorySegment output,
      String otherName,
      MemorySegment other,
      long elements,
      int elementBytes) {
    if (output.address() != other.address()) {
      disjoint(name, output, 0, elements, otherName, other, 0, elements, elementBytes);
    }
  }
}
