package org.lanewise.kernels.simd;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.scalar.ConvolutionShape;

/**
 * A range of an output plane's pixels, in the order of rows and columns, with the windows that
 * belong to them: as columns of a matrix whose rows are the elements of a window ("im2col";
 * Chellapilla, Puri, Simard, "High Performance Convolutional Neural Networks for Document
 * Processing", 2006).
 */
final class PixelBlock {
  private static final ThreadLocal<PixelBlock> THREADS = ThreadLocal.withInitial(PixelBlock::new);

  private final WindowRows rows = WindowRows.ofThread();
  private Window window;

  /** Pixels in the first row, in whole rows, and in the last row. */
  private long head;

  private long middle;
  private long tail;

  private long outputWidth;

  /** Column of the first pixel, counted in {@link #rows}. */
  private long first;

  static PixelBlock ofThread() {
    return THREADS.get();
  }

  /**
   * The end of a block of about {@code size} pixels that begins at {@code from}. In wide images it
   * ends with its row, so that the windows do not cover two of them.
   */
  static long end(long from, long to, long outputWidth, long size) {
    long end = Math.min(to, from + size);
    return outputWidth > 4 * size ? Math.min(end, (from / outputWidth + 1) * outputWidth) : end;
  }

  /** Takes pixels {@code from ≤ i < to} of each output plane. */
  void take(ConvolutionShape shape, long outputWidth, long from, long to) {
    window = shape.window();
    this.outputWidth = outputWidth;
    long rowFrom = from / outputWidth;
    long rowTo = (to - 1) / outputWidth + 1;
    boolean single = rowTo == rowFrom + 1;
    long columnFrom = single ? from - rowFrom * outputWidth : 0;
    long columnTo = single ? to - rowFrom * outputWidth : outputWidth;
    first = from - rowFrom * outputWidth - columnFrom;
    head = Math.min(to - from, outputWidth - columnFrom - first);
    middle = (to - from - head) / outputWidth;
    tail = to - from - head - middle * outputWidth;
    rows.frame(window, shape.height(), shape.width(), rowFrom, rowTo, columnFrom, columnTo, 0f);
  }

  /**
   * Writes rows of the matrix: elements {@code from ≤ k < to} of the windows, counted over channels
   * and elements of a channel.
   *
   * @param plane where the first channel begins in x
   * @param planeSize elements of a channel
   * @param at where row {@code from} goes in {@code matrix}, and {@code stride} from row to row
   */
  void columns(
      MemorySegment x,
      long plane,
      long planeSize,
      long from,
      long to,
      MemorySegment matrix,
      long at,
      long stride) {
    long size = window.kernelSize();
    for (long k = from; k < to; ) {
      long channel = k / size;
      long end = Math.min(to, (channel + 1) * size);
      rows.read(x, plane + channel * planeSize);
      for (; k < end; k++) {
        pack(rows.at(k - channel * size), matrix, at + (k - from) * stride);
      }
    }
  }

  private void pack(long t, MemorySegment matrix, long at) {
    RowCopies.pack(rows.memory, t + first, 0, matrix, at, 1, head);
    long next = t + rows.rowStep;
    RowCopies.pack(rows.memory, next, rows.rowStep, matrix, at + head, middle, outputWidth);
    if (tail > 0) {
      long last = next + middle * rows.rowStep;
      RowCopies.pack(rows.memory, last, 0, matrix, at + head + middle * outputWidth, 1, tail);
    }
  }

  /**
   * Adds the rows of such a matrix, of whole channels, to the elements that they stand for, each of
   * which gets its summands in the order of the pixels.
   *
   * @param plane where the first channel begins in y
   * @param planeSize elements of a channel
   * @param stride from row to row of the matrix
   */
  void addTo(
      MemorySegment y,
      long plane,
      long planeSize,
      long channels,
      MemorySegment matrix,
      long stride) {
    long size = window.kernelSize();
    for (long channel = 0; channel < channels; channel++) {
      rows.read(y, plane + channel * planeSize);
      // The last element first: it is that of the earliest pixel.
      for (long t = size - 1; t >= 0; t--) {
        add(matrix, (channel * size + t) * stride, rows.at(t));
      }
      rows.write(y, plane + channel * planeSize);
    }
  }

  private void add(MemorySegment matrix, long at, long t) {
    RowCopies.add(matrix, at, 0, rows.memory, t + first, 0, 1, head);
    long next = t + rows.rowStep;
    RowCopies.add(
        matrix, at + head, outputWidth, rows.memory, next, rows.rowStep, middle, outputWidth);
    if (tail > 0) {
      long last = next + middle * rows.rowStep;
      RowCopies.add(matrix, at + head + middle * outputWidth, 0, rows.memory, last, 0, 1, tail);
    }
  }
}
