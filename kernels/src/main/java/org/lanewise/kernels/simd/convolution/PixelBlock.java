package org.lanewise.kernels.simd.convolution;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.workspace.PerWorkspace;

/**
 * A range of an output plane's pixels, in the order of rows and columns, with the windows that
 * belong to them: as columns of a matrix whose rows are the elements of a window ("im2col";
 * Chellapilla, Puri, Simard, "High Performance Convolutional Neural Networks for Document
 * Processing", 2006).
 */
final class PixelBlock {
  private static final PerWorkspace<PixelBlock> INSTANCES = PerWorkspace.of(PixelBlock::new);

  private final WindowRows rows = WindowRows.ofThread();
  private Window window;

  private long pixels;

  /** Columns of the rectangle of windows, and that of the first pixel. */
  private long width;

  private long first;

  static PixelBlock ofThread() {
    return INSTANCES.get();
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
    long rowFrom = from / outputWidth;
    long rowTo = (to - 1) / outputWidth + 1;
    boolean single = rowTo == rowFrom + 1;
    long columnFrom = single ? from - rowFrom * outputWidth : 0;
    long columnTo = single ? to - rowFrom * outputWidth : outputWidth;
    first = from - rowFrom * outputWidth - columnFrom;
    width = columnTo - columnFrom;
    pixels = to - from;
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
    long k = from;
    while (k < to) {
      long channel = k / size;
      long channels = Math.min(WindowRows.PLANES, (to - 1) / size + 1 - channel);
      rows.read(x, plane + channel * planeSize, channels);
      for (long i = 0; i < channels; i++) {
        long begin = (channel + i) * size;
        long end = Math.min(to, begin + size);
        long row = (k - begin) / window.kernelWidth();
        long column = k - begin - row * window.kernelWidth();
        for (; k < end; k++) {
          RowCopies.pack(
              rows.memory,
              i * rows.planeStep + rows.at(row, column),
              rows.rowStep,
              first,
              width,
              matrix,
              at + (k - from) * stride,
              pixels);
          column++;
          if (column == window.kernelWidth()) {
            column = 0;
            row++;
          }
        }
      }
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
    for (long c = 0; c < channels; c += WindowRows.PLANES) {
      long count = Math.min(WindowRows.PLANES, channels - c);
      rows.read(y, plane + c * planeSize, count);
      // The last element first: it is that of the earliest pixel.
      for (long t = size - 1; t >= 0; t--) {
        long at = rows.at(t);
        for (long i = 0; i < count; i++) {
          RowCopies.addTo(
              rows.memory,
              i * rows.planeStep + at,
              rows.rowStep,
              first,
              width,
              matrix,
              ((c + i) * size + t) * stride,
              pixels);
        }
      }
      rows.write(y, plane + c * planeSize, count);
    }
  }
}
