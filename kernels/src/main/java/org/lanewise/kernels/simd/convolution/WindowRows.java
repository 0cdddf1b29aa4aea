package org.lanewise.kernels.simd.convolution;

import static org.lanewise.kernels.simd.Lanes.COUNT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.workspace.PerWorkspace;

/**
 * A copy of what a rectangle of windows covers of a plane, with padding, so that nothing needs to
 * be checked any more. The columns of a row are sorted by their remainder modulo the stride: what
 * neighbouring windows have as the same element lies side by side.
 */
final class WindowRows {
  private static final PerWorkspace<WindowRows> INSTANCES = PerWorkspace.of(WindowRows::new);

  /** Planes that are copied at once: enough for one's stores to be over when it is read. */
  static final long PLANES = 8;

  /** Elements of a plane's copy that stays in the first-level cache. */
  private static final long CACHED = 4096;

  /** The copies of planes. */
  MemorySegment memory;

  /** Distance of the planes' copies. */
  long planeStep;

  /** Distance of what windows in successive rows have as the same element. */
  long rowStep;

  private Window window;
  private long height;
  private long width;

  /** The plane's row and column where the copy begins; negative in the padding. */
  private long firstRow;

  private long firstColumn;
  private long rows;
  private long columns;

  /** The stride along a row, but no more than there are columns. */
  private long stride;

  /**
   * Columns with the same remainder, and the distance of rows: at least a vector more than there
   * are columns, so that one that is written beyond the end of a row does not delay reading the
   * next.
   */
  private long phase;

  private long length;

  static WindowRows ofThread() {
    return INSTANCES.get();
  }

  /** How many rows of windows to copy at once. */
  static long rowsAtOnce(Window window, long outputWidth) {
    long columns = (outputWidth - 1) * window.strideWidth() + window.extentWidth();
    return Math.max(1, CACHED / columns / window.strideHeight());
  }

  /** How many planes to copy at once. */
  static long planesAtOnce(long outputPlane) {
    return Math.clamp(CACHED / outputPlane, 1, (int) PLANES);
  }

  /** Prepares for up to {@link #PLANES} planes. */
  void frame(
      Window window,
      long height,
      long width,
      long rowFrom,
      long rowTo,
      long columnFrom,
      long columnTo,
      float padding) {
    frame(window, height, width, rowFrom, rowTo, columnFrom, columnTo, padding, PLANES);
  }

  /** Prepares for windows in a rectangle of rows and columns of the output. */
  void frame(
      Window window,
      long height,
      long width,
      long rowFrom,
      long rowTo,
      long columnFrom,
      long columnTo,
      float padding,
      long planes) {
    this.window = window;
    this.height = height;
    this.width = width;
    firstRow = rowFrom * window.strideHeight() - window.paddingHeight();
    firstColumn = columnFrom * window.strideWidth() - window.paddingWidth();
    rows = (rowTo - rowFrom - 1) * window.strideHeight() + window.extentHeight();
    columns = (columnTo - columnFrom - 1) * window.strideWidth() + window.extentWidth();
    stride = Math.min(window.strideWidth(), columns);
    phase = (columns + stride - 1) / stride;
    length =
        (phase * stride + 2 * VirtualLanes.COUNT - 1) / VirtualLanes.COUNT * VirtualLanes.COUNT;
    rowStep = length * window.strideHeight();
    planeStep = rows * length;
    memory = Scratch.ofThread().buffer(0, planes * planeStep + 2 * COUNT);
    if (firstRow < 0
        || firstRow + rows > height
        || firstColumn < 0
        || firstColumn + columns > width) {
      RowCopies.fill(memory, padding, 0, planes * planeStep);
    }
  }

  /** Where the first window of the first plane has its element {@code t}. */
  long at(long t) {
    long row = t / window.kernelWidth();
    return at(row, t - row * window.kernelWidth());
  }

  /** As {@link #at(long)}, for the element in a row and column of the window. */
  long at(long row, long column) {
    return row * window.dilationHeight() * length + place(column * window.dilationWidth());
  }

  private long place(long column) {
    return stride == 1 ? column : column % stride * phase + column / stride;
  }

  /** Copies from planes of which the first begins at {@code plane}. */
  void read(MemorySegment x, long plane, long planes) {
    for (long i = 0; i < planes; i++) {
      copy(x, plane + i * height * width, i * planeStep, true);
    }
  }

  /** Copies back, without the padding. */
  void write(MemorySegment y, long plane, long planes) {
    for (long i = 0; i < planes; i++) {
      copy(y, plane + i * height * width, i * planeStep, false);
    }
  }

  private void copy(MemorySegment x, long plane, long to, boolean read) {
    long above = Math.max(0, -firstRow);
    long count = Math.max(0, Math.min(rows, height - firstRow) - above);
    long left = Math.max(0, -firstColumn);
    long right = Math.min(columns, width - firstColumn);
    long at = plane + (firstRow + above) * width + firstColumn;
    if (stride == 1) {
      copy(x, at + left, to + above * length + left, count, Math.max(0, right - left), read);
      return;
    }
    if (stride == 2 && right - left >= 2 * COUNT) {
      long pairs = (right - left) / 2;
      copyPairs(x, at + left, to + above * length, left, count, pairs, read);
      left += 2 * pairs;
    }
    for (long column = left; column < Math.min(right, left + stride); column++) {
      long ofPhase = (right - column + stride - 1) / stride;
      copy(x, at + column, to + above * length + place(column), count, ofPhase, read);
    }
  }

  private void copy(MemorySegment x, long at, long to, long rows, long count, boolean read) {
    if (stride == 1 && read) {
      RowCopies.copy(x, at, width, memory, to, length, rows, count);
    } else if (stride == 1) {
      RowCopies.copy(memory, to, length, x, at, width, rows, count);
    } else if (read) {
      RowCopies.copyStrided(x, at, width, stride, memory, to, length, 1, rows, count);
    } else {
      RowCopies.copyStrided(memory, to, length, 1, x, at, width, stride, rows, count);
    }
  }

  private void copyPairs(
      MemorySegment x, long at, long to, long column, long rows, long pairs, boolean read) {
    long first = to + place(column);
    long second = to + place(column + 1);
    if (read) {
      RowCopies.split(x, at, width, memory, first, second, length, rows, pairs);
    } else {
      RowCopies.join(memory, first, second, length, x, at, width, rows, pairs);
    }
  }
}
