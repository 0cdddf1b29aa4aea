package org.lanewise.kernels.op;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Dimensions of a row-major tensor, outermost first; a scalar has none. Immutable. */
public final class Shape {
  private final long[] dimensions;
  private final long size;

  private Shape(long[] dimensions) {
    long product = 1;
    for (long dimension : dimensions) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "negative dimension in shape " + Arrays.toString(dimensions));
      }
      product = multiply(product, dimension, dimensions);
    }
    this.dimensions = dimensions;
    this.size = product;
  }

  private static long multiply(long product, long dimension, long[] dimensions) {
    try {
      return Math.multiplyExact(product, dimension);
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(dimensions) + " has more than 2^63 elements", overflow);
    }
  }

  /**
   * A shape of the given dimensions.
   *
   * @throws IllegalArgumentException if a dimension is negative or their product exceeds 2⁶³−1
   */
  public static Shape of(long... dimensions) {
    return new Shape(dimensions.clone());
  }

  /** Number of dimensions. */
  public int rank() {
    return dimensions.length;
  }

  /**
   * Length of one dimension.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 ≤ axis < rank()}
   */
  public long dimension(int axis) {
    return dimensions[axis];
  }

  /** The index of an axis that counts from the first, or if negative back from the end. */
  public int axis(int axis) {
    return axis < 0 ? axis + rank() : axis;
  }

  /** Number of elements: the product of all dimensions, 1 for a scalar. */
  public long size() {
    return size;
  }

  /** This shape with {@code length} as a new outermost dimension. */
  public Shape prepend(long length) {
    long[] longer = new long[dimensions.length + 1];
    longer[0] = length;
    System.arraycopy(dimensions, 0, longer, 1, dimensions.length);
    return new Shape(longer);
  }

  /** This shape without its outermost dimension. */
  public Shape withoutFirst() {
    return new Shape(Arrays.copyOfRange(dimensions, 1, dimensions.length));
  }

  /** This shape without its innermost dimension. */
  public Shape withoutLast() {
    return new Shape(Arrays.copyOf(dimensions, dimensions.length - 1));
  }

  /** This shape with {@code length} as a new innermost dimension. */
  public Shape append(long length) {
    long[] longer = Arrays.copyOf(dimensions, dimensions.length + 1);
    longer[dimensions.length] = length;
    return new Shape(longer);
  }

  /**
   * This shape with another length of one dimension.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 ≤ axis < rank()}
   */
  public Shape withDimension(int axis, long length) {
    long[] changed = dimensions.clone();
    changed[axis] = length;
    return new Shape(changed);
  }

  /** Product of the dimensions {@code fromAxis ≤ axis < toAxis}; 1 if there are none. */
  public long size(int fromAxis, int toAxis) {
    long product = 1;
    for (int axis = fromAxis; axis < toAxis; axis++) {
      product *= dimensions[axis];
    }
    return product;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(dimensions, that.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  /** The dimensions in brackets, as in {@code [128, 784]}. */
  @Override
  public String toString() {
    return Arrays.stream(dimensions)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
