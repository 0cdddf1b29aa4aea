package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Init;
import org.lanewise.nn.PaddingMode;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/** What convolutions have in common: how their parameters start, and their margins. */
final class Filters {
  private Filters() {}

  /** A weight uniform in ±1/√(elements but for the first axis), as PyTorch starts it. */
  static Parameter weight(long... dimensions) {
    return Parameter.of(init(dimensions), dimensions);
  }

  /** The bias of so many filters, which starts as a weight of the given dimensions. */
  static Parameter bias(long filters, long... dimensions) {
    return Parameter.of(init(dimensions), filters);
  }

  private static Init init(long... dimensions) {
    return Init.kaimingUniform(Shape.of(dimensions).size(1, dimensions.length));
  }

  /**
   * The dimensions of a weight for another number of groups.
   *
   * @param weight whose first axis is not divided by its groups, and whose second one is
   * @throws IllegalArgumentException if they do not divide both axes
   */
  static long[] grouped(Parameter weight, long groups, long count) {
    Shape shape = weight.shape();
    long outer = shape.dimension(0);
    long inner = shape.dimension(1) * groups;
    if (count < 1 || outer % count != 0 || inner % count != 0) {
      throw new IllegalArgumentException(
          "groups must divide %d and %d, the channels and filters, but is %d"
              .formatted(Math.min(inner, outer), Math.max(inner, outer), count));
    }
    long[] dimensions = new long[shape.rank()];
    for (int axis = 0; axis < dimensions.length; axis++) {
      dimensions[axis] = axis == 1 ? inner / count : shape.dimension(axis);
    }
    return dimensions;
  }

  /** Images or sequences with those margins that the convolution itself does not make. */
  static Tensor padded(Tensor x, Window window, PaddingMode mode) {
    if (mode == PaddingMode.ZEROS) {
      return x;
    }
    Tensor wide = x.pad(-1, window.paddingWidth(), window.paddingWidth(), mode);
    return window.paddingHeight() == 0
        ? wide
        : wide.pad(-2, window.paddingHeight(), window.paddingHeight(), mode);
  }

  /** The window that is moved over what {@link #padded} returns. */
  static Window inside(Window window, PaddingMode mode) {
    return mode == PaddingMode.ZEROS ? window : window.withPadding(0);
  }
}
