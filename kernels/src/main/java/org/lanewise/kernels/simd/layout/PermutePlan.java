package org.lanewise.kernels.simd.layout;

/**
 * How to permute the axes of a dense tensor of up to four axes: as copies of rows that are
 * contiguous in both tensors, or if there are none but elements, as transpositions of matrices.
 *
 * <p>Axes of size 1 are left out and those that stay neighbours are one. With fewer axes than four
 * left, the first ones have size 1.
 */
public final class PermutePlan {
  private static final int AXES = 4;

  /** Elements of a row of the result. */
  final long columns;

  final long size1;

  /** Rows of the innermost axis but one, or lines of a matrix that is transposed. */
  final long size2;

  final long xStride0;
  final long xStride1;
  final long xStride2;

  /** Distance in x of elements that are neighbours in y. */
  final long xStride3;

  final long yStride0;
  final long yStride1;
  final long yStride2;

  private final long lines;

  /**
   * Axis k of the result is axis {@code axes[k]} of the operand.
   *
   * @param sizes of the axes of the operand, none of them 0
   * @param axes a permutation of 0..3
   */
  public PermutePlan(long[] sizes, int[] axes) {
    long[] strides = strides(sizes);
    long[] size = {1, 1, 1, 1};
    long[] xStride = new long[AXES];
    int first = AXES; // of the axes found so far, from the last one on
    for (int k = AXES - 1; k >= 0; k--) {
      long length = sizes[axes[k]];
      long stride = strides[axes[k]];
      if (length > 1) {
        if (first < AXES && stride == size[first] * xStride[first]) {
          size[first] *= length;
        } else {
          first--;
          size[first] = length;
          xStride[first] = stride;
        }
      }
    }
    if (first == AXES) { // a single element
      xStride[AXES - 1] = 1;
    }
    long[] yStride = strides(size);
    if (xStride[AXES - 1] != 1) {
      int contiguous = 0;
      while (xStride[contiguous] != 1) {
        contiguous++;
      }
      for (int k = contiguous; k < 2; k++) { // becomes axis 2, and those after it move forward
        swap(k, size, xStride, yStride);
      }
    } else {
      sortByXStride(size, xStride, yStride);
    }
    columns = size[3];
    size1 = size[1];
    size2 = size[2];
    xStride0 = xStride[0];
    xStride1 = xStride[1];
    xStride2 = xStride[2];
    xStride3 = xStride[3];
    yStride0 = yStride[0];
    yStride1 = yStride[1];
    yStride2 = yStride[2];
    lines = size[0] * size1 * size2;
  }

  private static long[] strides(long[] sizes) {
    long[] strides = new long[AXES];
    long stride = 1;
    for (int k = AXES - 1; k >= 0; k--) {
      strides[k] = stride;
      stride *= sizes[k];
    }
    return strides;
  }

  /**
   * Rows are copied in the order of x, so that it is read from front to back. Written memory is
   * waited for less.
   */
  private static void sortByXStride(long[] size, long[] xStride, long[] yStride) {
    for (int last = 2; last > 0; last--) {
      for (int k = 0; k < last; k++) {
        if (xStride[k] < xStride[k + 1]) {
          swap(k, size, xStride, yStride);
        }
      }
    }
  }

  /** Exchanges axes k and k + 1. */
  private static void swap(int k, long[]... axes) {
    for (long[] values : axes) {
      long value = values[k];
      values[k] = values[k + 1];
      values[k + 1] = value;
    }
  }

  /** Whether matrices are transposed, which takes several lines at a time. */
  public boolean isTransposed() {
    return xStride3 != 1;
  }

  /** How many lines there are, of {@link #columns} elements each. */
  public long lines() {
    return lines;
  }

  /** Elements of a line. */
  public long columns() {
    return columns;
  }
}
