package org.lanewise.kernels.simd.convolution;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INT;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.PoolingKernels;
import org.lanewise.kernels.host.PoolingShape;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.scalar.ScalarPoolingKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/** Poolings of planes. Nothing is checked but the indices. */
public final class SimdPoolingKernels implements PoolingKernels {

  /** The numbers of the lanes. */
  private static final IntVector LANES = IntVector.zero(I32).addIndex(1);

  /** The only instance. */
  public static final SimdPoolingKernels INSTANCE = new SimdPoolingKernels();

  private SimdPoolingKernels() {}

  @Override
  public void max(
      PoolingShape shape,
      MemorySegment x,
      MemorySegment y,
      MemorySegment indices,
      long from,
      long to) {
    Window window = shape.window();
    if (window.equals(SquarePooling.WINDOW)) {
      SquarePooling.max(shape, x, y, indices, from, to);
      return;
    }
    WindowRows rows = WindowRows.ofThread();
    Scratch scratch = Scratch.ofThread();
    long outputHeight = shape.outputHeight();
    long width = shape.outputWidth();
    long stride = SimdDepthwiseKernels.roundUp(width);
    long most = Math.min(outputHeight, WindowRows.rowsAtOnce(window, width));
    for (long row = 0; row < outputHeight; row += most) {
      long count = Math.min(outputHeight - row, most);
      long size = count * stride;
      MemorySegment largest = scratch.buffer(1, size);
      MemorySegment places = scratch.buffer(2, size);
      MemorySegment first = scratch.buffer(3, size);
      firstPlaces(shape, row, count, width, stride, first);
      rows.frame(
          window,
          shape.height(),
          shape.width(),
          row,
          row + count,
          0,
          width,
          Float.NEGATIVE_INFINITY,
          1);
      for (long plane = from; plane < to; plane++) {
        rows.read(x, plane * shape.plane(), 1);
        RowCopies.fill(largest, Float.NEGATIVE_INFINITY, 0, size);
        RowCopies.copy(first, 0, 0, places, 0, 0, 1, size);
        for (long t = 0; t < window.kernelSize(); t++) {
          float place = Float.intBitsToFloat((int) place(shape, t));
          replaceSmaller(
              rows.memory, rows.at(t), rows.rowStep, place, largest, places, stride, size);
        }
        long at = (plane * outputHeight + row) * width;
        RowCopies.copy(largest, 0, stride, y, at, width, count, width);
        for (long i = 0; i < count; i++) {
          storeIndices(
              places,
              i * stride,
              (int) start(shape, row + i),
              window.strideWidth(),
              indices,
              at + i * width,
              width);
        }
      }
    }
  }

  /** Where element t of a window is, counted in the plane from the window's first. */
  private static long place(PoolingShape shape, long t) {
    Window window = shape.window();
    long row = t / window.kernelWidth();
    long column = t - row * window.kernelWidth();
    return row * window.dilationHeight() * shape.width() + column * window.dilationWidth();
  }

  /** The index of the first element of a row's first window; negative in the padding. */
  private static long start(PoolingShape shape, long row) {
    Window window = shape.window();
    return (row * window.strideHeight() - window.paddingHeight()) * shape.width()
        - window.paddingWidth();
  }

  /** Places of the windows' first elements inside, or what makes their index −1. */
  private static void firstPlaces(
      PoolingShape shape, long row, long count, long width, long stride, MemorySegment first) {
    Window window = shape.window();
    RowCopies.fill(first, 0f, 0, count * stride);
    if (window.paddingHeight() == 0 && window.paddingWidth() == 0) {
      return;
    }
    for (long i = 0; i < count; i++) {
      long y = (row + i) * window.strideHeight() - window.paddingHeight();
      long above = Math.max(0, -y + window.dilationHeight() - 1) / window.dilationHeight();
      long rowPlace = above * window.dilationHeight() * shape.width();
      boolean rowsInside = shape.rowsInside(row + i) > 0;
      long start = start(shape, row + i);
      for (long j = 0; j < width; j++) {
        long x = j * window.strideWidth() - window.paddingWidth();
        if (rowsInside && x >= 0 && x < shape.width()) {
          first.setAtIndex(FLOAT, i * stride + j, Float.intBitsToFloat((int) rowPlace));
          continue;
        }
        long before = Math.max(0, -x + window.dilationWidth() - 1) / window.dilationWidth();
        long place =
            rowsInside && shape.columnsInside(j) > 0
                ? rowPlace + before * window.dilationWidth()
                : -1 - start - j * window.strideWidth();
        first.setAtIndex(FLOAT, i * stride + j, Float.intBitsToFloat((int) place));
      }
    }
  }

  /** Takes the elements that are larger than those before, or NaN, and notes their place. */
  private static void replaceSmaller(
      MemorySegment x,
      long at,
      long xStep,
      float place,
      MemorySegment largest,
      MemorySegment places,
      long stride,
      long count) {
    x = Lanes.memory(x);
    largest = Lanes.memory(largest);
    places = Lanes.memory(places);
    FloatVector placeVector = FloatVector.broadcast(F32, place);
    long in = at;
    long out = 0;
    long end = stride;
    while (out != count) {
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER));
      FloatVector old =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, largest, out * Float.BYTES, ORDER));
      var larger =
          value.compare(VectorOperators.GT, old).or(value.compare(VectorOperators.NE, value));
      old.blend(value, larger).intoMemorySegment(largest, out * Float.BYTES, ORDER);
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, places, out * Float.BYTES, ORDER))
          .blend(placeVector, larger)
          .intoMemorySegment(places, out * Float.BYTES, ORDER);
      out += COUNT;
      boolean next = out == end;
      in += next ? COUNT + xStep - stride : COUNT;
      end += next ? stride : 0;
    }
  }

  /** Writes a row of indices; the last vector ends with the row. */
  private static void storeIndices(
      MemorySegment places,
      long at,
      int start,
      int windowStride,
      MemorySegment indices,
      long to,
      long width) {
    if (width < COUNT) {
      for (long j = 0; j < width; j++) {
        int place = Float.floatToRawIntBits(places.getAtIndex(FLOAT, at + j));
        indices.setAtIndex(INT, to + j, start + (int) j * windowStride + place);
      }
      return;
    }
    storeVectors(places, at, start, windowStride, indices, to, width - COUNT);
  }

  private static void storeVectors(
      MemorySegment places,
      long at,
      int start,
      int windowStride,
      MemorySegment indices,
      long to,
      long last) {
    places = Lanes.memory(places);
    indices = Lanes.memory(indices);
    long j = 0;
    boolean isLast;
    do {
      isLast = j == last;
      INTS.cast(LANES)
          .add(INTS.cast(IntVector.broadcast(I32, (int) j)))
          .mul(INTS.cast(IntVector.broadcast(I32, windowStride)))
          .add(INTS.cast(IntVector.broadcast(I32, start)))
          .add(
              INTS.cast(
                  FLOATS
                      .cast(
                          FloatVector.fromMemorySegment(F32, places, (at + j) * Float.BYTES, ORDER))
                      .reinterpretShape(I32, 0)))
          .intoMemorySegment(indices, (to + j) * Integer.BYTES, ORDER);
      j = Math.min(j + COUNT, last);
    } while (!isLast);
  }

  @Override
  public void maxBackward(
      long plane,
      long outputPlane,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment indices,
      MemorySegment dx,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      if (!accumulate) {
        RowCopies.fill(dx, 0f, i * plane, (i + 1) * plane);
      }
      if (!addToElements(plane, outputPlane, dy, indices, dx, i)) {
        // There it is an error.
        ScalarPoolingKernels.INSTANCE.maxBackward(
            plane, outputPlane, true, dy, indices, dx, i, i + 1);
      }
    }
  }

  /**
   * Adds a plane's gradients to the elements that they belong to. There is nothing to vectorize.
   *
   * @return whether all indices are of elements, or −1
   */
  private static boolean addToElements(
      long plane,
      long outputPlane,
      MemorySegment dy,
      MemorySegment indices,
      MemorySegment dx,
      long number) {
    dy = Lanes.memory(dy);
    indices = Lanes.memory(indices);
    dx = Lanes.memory(dx);
    long first = number * plane;
    long end = (number + 1) * outputPlane;
    for (long i = number * outputPlane; i < end; i++) {
      int index = indices.getAtIndex(INT, i);
      if (index >= 0 && index < plane) {
        float old = dx.getAtIndex(FLOAT, first + index);
        dx.setAtIndex(FLOAT, first + index, old + dy.getAtIndex(FLOAT, i));
      } else if (index != -1) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void average(
      PoolingShape shape,
      boolean countPadding,
      MemorySegment x,
      MemorySegment y,
      long from,
      long to) {
    Window window = shape.window();
    if (shape.isGlobal()) {
      float count = window.kernelSize();
      for (long i = from; i < to; i++) {
        float sum = PlaneSums.sum(x, i * shape.plane(), (i + 1) * shape.plane());
        y.setAtIndex(FLOAT, i, sum / count);
      }
      return;
    }
    WindowRows rows = WindowRows.ofThread();
    Scratch scratch = Scratch.ofThread();
    long outputHeight = shape.outputHeight();
    long width = shape.outputWidth();
    long stride = SimdDepthwiseKernels.roundUp(width);
    long most = Math.min(outputHeight, WindowRows.rowsAtOnce(window, width));
    for (long row = 0; row < outputHeight; row += most) {
      long count = Math.min(outputHeight - row, most);
      long size = count * stride;
      MemorySegment sums = scratch.buffer(1, size);
      MemorySegment counts = scratch.buffer(2, size);
      counts(shape, countPadding, row, count, width, stride, counts);
      rows.frame(window, shape.height(), shape.width(), row, row + count, 0, width, 0f, 1);
      for (long plane = from; plane < to; plane++) {
        rows.read(x, plane * shape.plane(), 1);
        RowCopies.fill(sums, 0f, 0, size);
        SimdDepthwiseKernels.addWindows(rows, window.kernelSize(), sums, stride, size);
        RowCopies.divide(sums, 0, counts, size);
        RowCopies.copy(
            sums, 0, stride, y, (plane * outputHeight + row) * width, width, count, width);
      }
    }
  }

  /** Counts the elements of windows. */
  private static void counts(
      PoolingShape shape,
      boolean countPadding,
      long row,
      long count,
      long width,
      long stride,
      MemorySegment counts) {
    RowCopies.fill(counts, shape.window().kernelSize(), 0, count * stride);
    for (long i = 0; i < count && !countPadding; i++) {
      for (long j = 0; j < width; j++) {
        float inside = shape.rowsInside(row + i) * shape.columnsInside(j);
        counts.setAtIndex(FLOAT, i * stride + j, inside);
      }
    }
  }

  @Override
  public void averageBackward(
      PoolingShape shape,
      boolean countPadding,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      long to) {
    Window window = shape.window();
    long plane = shape.plane();
    if (!accumulate) {
      RowCopies.fill(dx, 0f, from * plane, to * plane);
    }
    if (shape.isGlobal()) {
      float count = window.kernelSize();
      for (long i = from; i < to; i++) {
        RowCopies.add(dx, dy.getAtIndex(FLOAT, i) / count, i * plane, (i + 1) * plane);
      }
      return;
    }
    WindowRows rows = WindowRows.ofThread();
    Scratch scratch = Scratch.ofThread();
    long outputHeight = shape.outputHeight();
    long width = shape.outputWidth();
    long most = Math.min(outputHeight, WindowRows.rowsAtOnce(window, width));
    long planes = WindowRows.planesAtOnce(shape.outputPlane());
    for (long i = from; i < to; i += planes) {
      long count = Math.min(planes, to - i);
      for (long row = 0; row < outputHeight; row += most) {
        long rowCount = Math.min(outputHeight - row, most);
        long stride = SimdDepthwiseKernels.roundUp(rowCount * width);
        MemorySegment shares = scratch.buffer(1, count * stride + COUNT);
        MemorySegment counts = scratch.buffer(2, stride);
        counts(shape, countPadding, row, rowCount, width, width, counts);
        rows.frame(window, shape.height(), shape.width(), row, row + rowCount, 0, width, 0f, count);
        rows.read(dx, i * plane, count);
        for (long j = 0; j < count; j++) {
          long at = ((i + j) * outputHeight + row) * width;
          RowCopies.copy(dy, at, 0, shares, j * stride, 0, 1, rowCount * width);
          RowCopies.divide(shares, j * stride, counts, stride);
        }
        // The last element first: it is that of the earliest output.
        for (long t = window.kernelSize() - 1; t >= 0; t--) {
          for (long j = 0; j < count; j++) {
            RowCopies.addTo(
                rows.memory,
                j * rows.planeStep + rows.at(t),
                rows.rowStep,
                0,
                width,
                shares,
                j * stride,
                rowCount * width);
          }
        }
        rows.write(dx, i * plane, count);
      }
    }
  }
}
