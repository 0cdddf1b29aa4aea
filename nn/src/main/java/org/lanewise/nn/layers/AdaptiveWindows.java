package org.lanewise.nn.layers;

import java.util.stream.IntStream;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Tensor;

/**
 * The windows of adaptive pooling along an axis. Where all are as long as the first one and as far
 * apart as the first two, they are those of a pooling; others are slices.
 *
 * <p>Windows of a plane are pooled along one axis and then along the other. That is the same, also
 * for means, as a window has as many elements in each of its rows.
 */
final class AdaptiveWindows {
  private final int[] starts;
  private final int[] ends;

  private AdaptiveWindows(long length, int windows) {
    starts = new int[windows];
    ends = new int[windows];
    for (int i = 0; i < windows; i++) {
      starts[i] = Math.toIntExact(i * length / windows);
      ends[i] = Math.toIntExact(Math.ceilDiv((i + 1) * length, windows));
    }
  }

  /** Pools images [batch, channels, height, width]. */
  static Tensor images(Pooling pooling, Tensor x, int height, int width) {
    Shape shape = x.shape();
    if (shape.rank() != 4 || shape.size(2, 4) == 0) {
      throw x.mismatch("x must be [batch, channels, height, width] with pixels but is " + x);
    }
    AdaptiveWindows rows = new AdaptiveWindows(shape.dimension(2), height);
    AdaptiveWindows columns = new AdaptiveWindows(shape.dimension(3), width);
    if (rows.areUniform() && columns.areUniform()) {
      Window window =
          Window.of(rows.length(), columns.length()).withStride(rows.stride(), columns.stride());
      return new Pool2d(pooling, window).forward(x);
    }
    return columns.pool(pooling, rows.pool(pooling, x, 2), 3);
  }

  /** Pools sequences [batch, channels, length]. */
  static Tensor sequences(Pooling pooling, Tensor x, int length) {
    Shape shape = x.shape();
    if (shape.rank() != 3 || shape.dimension(2) == 0) {
      throw x.mismatch("x must be [batch, channels, length] with elements but is " + x);
    }
    Tensor rows = x.reshape(shape.dimension(0), shape.dimension(1), 1, shape.dimension(2));
    return images(pooling, rows, 1, length).reshape(shape.dimension(0), shape.dimension(1), length);
  }

  private int length() {
    return ends[0];
  }

  private int stride() {
    return starts.length == 1 ? 1 : starts[1];
  }

  private boolean areUniform() {
    return stride() > 0
        && IntStream.range(0, starts.length)
            .allMatch(i -> starts[i] == i * stride() && ends[i] - starts[i] == length());
  }

  private Tensor pool(Pooling pooling, Tensor x, int axis) {
    if (areUniform()) {
      return pool(pooling, x, axis, length(), stride());
    }
    return Tensor.concat(
        axis,
        IntStream.range(0, starts.length)
            .mapToObj(
                i -> pool(pooling, x.slice(axis, starts[i], ends[i]), axis, ends[i] - starts[i], 1))
            .toList());
  }

  private static Tensor pool(Pooling pooling, Tensor x, int axis, int length, int stride) {
    Window window =
        axis == 2
            ? Window.of(length, 1).withStride(stride, 1)
            : Window.of(1, length).withStride(1, stride);
    return length == 1 && stride == 1 ? x : new Pool2d(pooling, window).forward(x);
  }
}
