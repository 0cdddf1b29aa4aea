package org.lanewise.kernels.op;

import java.util.Optional;

/**
 * How a small tensor y fills a large one x. Their axes are aligned at the last one, as NumPy does;
 * y is repeated along its axes of length 1 and those that it lacks. These must be all axes, the
 * first ones or the last ones, so that x is a matrix and y an element, a row or a column.
 *
 * @param broadcast which element of y belongs to an element of the matrix
 * @param rows of the matrix
 * @param columns of the matrix
 */
public record Broadcasting(Broadcast broadcast, long rows, long columns) {
  /** How y fills x; empty if it does not. */
  public static Optional<Broadcasting> of(Shape x, Shape y) {
    int rank = x.rank();
    if (y.rank() > rank) {
      return Optional.empty();
    }
    int equalFrom = rank; // the axes from here on are equal
    while (equalFrom > 0 && x.dimension(equalFrom - 1) == length(x, y, equalFrom - 1)) {
      equalFrom--;
    }
    if (equalFrom == 0) {
      return Optional.of(new Broadcasting(Broadcast.NONE, 1, x.size()));
    }
    if (y.size() == 1) {
      return Optional.of(new Broadcasting(Broadcast.SCALAR, 1, x.size()));
    }
    if (isRepeated(x, y, 0, equalFrom)) {
      return Optional.of(matrix(Broadcast.ROW, x, equalFrom));
    }
    int equalTo = 0; // the axes before are equal
    while (x.dimension(equalTo) == length(x, y, equalTo)) {
      equalTo++;
    }
    return isRepeated(x, y, equalTo, rank)
        ? Optional.of(matrix(Broadcast.COLUMN, x, equalTo))
        : Optional.empty();
  }

  /**
   * How sums over some axes of x fill it; empty if they do not. The sum of a row is one whether or
   * not there are other rows, so that it is computed in the same order.
   *
   * @param sums whose shape is that of x with length 1 along the axes that are summed, or [] for
   *     the sum of all elements
   */
  public static Optional<Broadcasting> ofSums(Shape x, Shape sums) {
    return of(x, sums)
        .map(repetition -> {
          boolean isRow =
              repetition.broadcast == Broadcast.SCALAR
                  && sums.rank() == x.rank()
                  && x.dimension(0) == 1;
          return isRow ? new Broadcasting(Broadcast.COLUMN, 1, x.size()) : repetition;
        });
  }

  private static Broadcasting matrix(Broadcast broadcast, Shape x, int axis) {
    return new Broadcasting(broadcast, x.size(0, axis), x.size(axis, x.rank()));
  }

  private static boolean isRepeated(Shape x, Shape y, int from, int to) {
    for (int axis = from; axis < to; axis++) {
      if (length(x, y, axis) != 1) {
        return false;
      }
    }
    return true;
  }

  /** The length of y along an axis of x. */
  private static long length(Shape x, Shape y, int axis) {
    int own = axis - (x.rank() - y.rank());
    return own < 0 ? 1 : y.dimension(own);
  }
}
