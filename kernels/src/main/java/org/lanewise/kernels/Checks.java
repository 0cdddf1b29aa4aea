package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;

/** The checks that the entry points have in common. A message names the argument and the values. */
final class Checks {
  private Checks() {}

  /** A size that is not negative. */
  static void size(String name, long size) {
    if (size < 0) {
      throw new IllegalArgumentException("%s must not be negative but is %d".formatted(name, size));
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

  /** A hyperparameter in a range that excludes its upper end. NaN is in no range. */
  static void range(String name, double value, double from, double below) {
    if (!(value >= from && value < below)) {
      throw new IllegalArgumentException(
          "%s must be in [%s, %s) but is %s".formatted(name, from, below, value));
    }
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
    if (output.address() != other.address()) {
      disjoint(name, output, elements, otherName, other, elements);
    }
  }
}
