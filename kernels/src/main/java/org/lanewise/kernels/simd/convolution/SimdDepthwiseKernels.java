package org.lanewise.kernels.simd.convolution;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.host.DepthwiseKernels;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.activation.SimdActivationKernels;

/**
 * Depthwise convolutions, along rows, since a matrix product of that size would leave most of a
 * tile unused. Nothing is checked.
 */
public final class SimdDepthwiseKernels implements DepthwiseKernels {
  /** Elements of a window that are taken at once. */
  private static final long TAPS = 3;

  /** The numbers of the lanes. */
  private static final FloatVector LANES = FloatVector.zero(F32).addIndex(1);

  /** The only instance. */
  public static final SimdDepthwiseKernels INSTANCE = new SimdDepthwiseKernels();

  private SimdDepthwiseKernels() {}

  @Override
  public void forward(
      ConvolutionShape shape,
      Epilogue epilogue,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      forward(shape, epilogue, x, weight, bias, y, i, i % shape.channels(), 1);
    }
  }

  /** All filters of an image, each of which has one channel. */
  static void forward(
      ConvolutionShape shape,
      Epilogue epilogue,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      long image) {
    long filters = shape.groupFilters();
    for (long c = 0; c < shape.channels(); c++) {
      long plane = image * shape.channels() + c;
      forward(shape, epilogue, x, weight, bias, y, plane, c * filters, filters);
    }
  }

  /** The filters of a plane, of which {@code filter} is the first. */
  private static void forward(
      ConvolutionShape shape,
      Epilogue epilogue,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      long plane,
      long filter,
      long filters) {
    Window window = shape.window();
    WindowRows rows = WindowRows.ofThread();
    long outputHeight = shape.outputHeight();
    long outputWidth = shape.outputWidth();
    long most = WindowRows.rowsAtOnce(window, outputWidth);
    for (long row = 0; row < outputHeight; row += most) {
      long rowEnd = Math.min(outputHeight, row + most);
      rows.frame(window, shape.height(), shape.width(), row, rowEnd, 0, outputWidth, 0f, 1);
      rows.read(x, plane * shape.plane(), 1);
      for (long i = 0; i < filters; i++) {
        forward(
            rows,
            window,
            weight,
            (filter + i) * window.kernelSize(),
            epilogue.hasBias() ? bias.getAtIndex(FLOAT, filter + i) : -0f,
            epilogue.function(),
            rowEnd - row,
            outputWidth,
            y,
            ((plane * filters + i) * outputHeight + row) * outputWidth);
      }
    }
  }

  private static void forward(
      WindowRows rows,
      Window window,
      MemorySegment weight,
      long filter,
      float bias,
      Epilogue.Function function,
      long count,
      long width,
      MemorySegment y,
      long at) {
    boolean nine = window.kernelHeight() == 3 && window.kernelWidth() == 3;
    if (nine && width >= COUNT) {
      NineTaps.sums(rows, weight, filter, bias, y, at, width, count, width);
      activate(function, y, at, at + count * width);
      return;
    }
    long stride = roundUp(width);
    MemorySegment sums = Scratch.ofThread().buffer(1, count * stride);
    if (nine) {
      NineTaps.sums(rows, weight, filter, bias, sums, 0, stride, count, stride);
    } else {
      RowCopies.fill(sums, 0f, 0, count * stride);
      addProducts(rows, window.kernelSize(), weight, filter, sums, stride, count * stride);
      RowCopies.add(sums, bias, 0, count * stride);
    }
    activate(function, sums, 0, count * stride);
    RowCopies.copy(sums, 0, stride, y, at, width, count, width);
  }

  private static void activate(Epilogue.Function function, MemorySegment y, long from, long to) {
    if (function.activation().isPresent()) {
      SimdActivationKernels.INSTANCE.forward(function.activation().get(), y, y, from, to);
    }
  }

  private static void addProducts(
      WindowRows rows,
      long taps,
      MemorySegment weight,
      long filter,
      MemorySegment sums,
      long stride,
      long count) {
    for (long t = 0; t < taps; t += TAPS) {
      if (taps - t >= TAPS) {
        addProducts(
            rows.memory,
            rows.at(t),
            rows.at(t + 1),
            rows.at(t + 2),
            rows.rowStep,
            weight.getAtIndex(FLOAT, filter + t),
            weight.getAtIndex(FLOAT, filter + t + 1),
            weight.getAtIndex(FLOAT, filter + t + 2),
            sums,
            stride,
            count);
      } else {
        for (long u = t; u < taps; u++) {
          addProduct(
              rows.memory,
              rows.at(u),
              rows.rowStep,
              weight.getAtIndex(FLOAT, filter + u),
              sums,
              stride,
              count);
        }
      }
    }
  }

  /** Adds all elements of windows to sums, in rows which are whole vectors. */
  static void addWindows(WindowRows rows, long taps, MemorySegment sums, long stride, long count) {
    for (long t = 0; t < taps; t++) {
      addProduct(rows.memory, rows.at(t), rows.rowStep, 1f, sums, stride, count);
    }
  }

  static long roundUp(long width) {
    return (width + VirtualLanes.COUNT - 1) / VirtualLanes.COUNT * VirtualLanes.COUNT;
  }

  /** Adds three products to each element of rows, which are whole vectors. */
  private static void addProducts(
      MemorySegment x,
      long at0,
      long at1,
      long at2,
      long xStep,
      float w0,
      float w1,
      float w2,
      MemorySegment sums,
      long stride,
      long count) {
    x = Lanes.memory(x);
    sums = Lanes.memory(sums);
    FloatVector v0 = FloatVector.broadcast(F32, w0);
    FloatVector v1 = FloatVector.broadcast(F32, w1);
    FloatVector v2 = FloatVector.broadcast(F32, w2);
    long in0 = at0;
    long in1 = at1;
    long in2 = at2;
    long out = 0;
    long end = stride;
    while (out != count) {
      FloatVector sum =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, sums, out * Float.BYTES, ORDER));
      sum =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in0 * Float.BYTES, ORDER)).fma(v0, sum);
      sum =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, in1 * Float.BYTES, ORDER)).fma(v1, sum);
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, in2 * Float.BYTES, ORDER))
          .fma(v2, sum)
          .intoMemorySegment(sums, out * Float.BYTES, ORDER);
      out += COUNT;
      boolean next = out == end;
      long move = next ? COUNT + xStep - stride : COUNT;
      end += next ? stride : 0;
      in0 += move;
      in1 += move;
      in2 += move;
    }
  }

  private static void addProduct(
      MemorySegment x, long at, long xStep, float w, MemorySegment sums, long stride, long count) {
    x = Lanes.memory(x);
    sums = Lanes.memory(sums);
    FloatVector v = FloatVector.broadcast(F32, w);
    long in = at;
    long out = 0;
    long end = stride;
    while (out != count) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, in * Float.BYTES, ORDER))
          .fma(v, FLOATS.cast(FloatVector.fromMemorySegment(F32, sums, out * Float.BYTES, ORDER)))
          .intoMemorySegment(sums, out * Float.BYTES, ORDER);
      out += COUNT;
      boolean next = out == end;
      in += next ? COUNT + xStep - stride : COUNT;
      end += next ? stride : 0;
    }
  }

  @Override
  public void backwardInput(
      ConvolutionShape shape,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment weight,
      MemorySegment dx,
      long from,
      long to) {
    Window window = shape.window();
    WindowRows rows = WindowRows.ofThread();
    long outputHeight = shape.outputHeight();
    long outputWidth = shape.outputWidth();
    long outputPlane = shape.outputPlane();
    long plane = shape.plane();
    long most = WindowRows.rowsAtOnce(window, outputWidth);
    long planes = WindowRows.planesAtOnce(outputPlane);
    if (!accumulate) {
      RowCopies.fill(dx, 0f, from * plane, to * plane);
    }
    for (long i = from; i < to; i += planes) {
      long count = Math.min(planes, to - i);
      for (long row = 0; row < outputHeight; row += most) {
        long pixels = (Math.min(outputHeight, row + most) - row) * outputWidth;
        long rowEnd = Math.min(outputHeight, row + most);
        MemorySegment gradients = Scratch.ofThread().buffer(1, count * pixels + COUNT);
        RowCopies.copy(
            dy,
            i * outputPlane + row * outputWidth,
            outputPlane,
            gradients,
            0,
            pixels,
            count,
            pixels);
        rows.frame(window, shape.height(), shape.width(), row, rowEnd, 0, outputWidth, 0f, count);
        rows.read(dx, i * plane, count);
        // The last element first: it is that of the earliest pixel.
        for (long t = window.kernelSize() - 1; t >= 0; t--) {
          for (long j = 0; j < count; j++) {
            long channel = (i + j) % shape.channels();
            RowCopies.addProductTo(
                rows.memory,
                j * rows.planeStep + rows.at(t),
                rows.rowStep,
                outputWidth,
                gradients,
                j * pixels,
                pixels,
                weight.getAtIndex(FLOAT, channel * window.kernelSize() + t));
          }
        }
        rows.write(dx, i * plane, count);
      }
    }
  }

  @Override
  public void backwardWeight(
      ConvolutionShape shape,
      boolean accumulate,
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dWeight,
      long from,
      long to) {
    Scratch scratch = Scratch.ofThread();
    long taps = shape.window().kernelSize();
    MemorySegment lanes = scratch.buffer(3, taps * VirtualLanes.COUNT);
    MemorySegment sums = scratch.buffer(2, taps);
    for (long f = from; f < to; f++) {
      RowCopies.fill(sums, 0f, 0, taps);
      for (long image = 0; image < shape.images(); image++) {
        RowCopies.fill(lanes, 0f, 0, taps * VirtualLanes.COUNT);
        addProducts(shape, x, dy, image * shape.channels() + f, lanes);
        for (long t = 0; t < taps; t++) {
          float sum = PlaneSums.sumOfLanes(lanes, t * VirtualLanes.COUNT);
          sums.setAtIndex(FLOAT, t, sums.getAtIndex(FLOAT, t) + sum);
        }
      }
      for (long t = 0; t < taps; t++) {
        long at = f * taps + t;
        float sum = sums.getAtIndex(FLOAT, t);
        dWeight.setAtIndex(FLOAT, at, accumulate ? dWeight.getAtIndex(FLOAT, at) + sum : sum);
      }
    }
  }

  /** Adds the products of a plane to the lanes of each element of the window. */
  private static void addProducts(
      ConvolutionShape shape, MemorySegment x, MemorySegment dy, long plane, MemorySegment lanes) {
    Window window = shape.window();
    WindowRows rows = WindowRows.ofThread();
    long taps = window.kernelSize();
    long outputHeight = shape.outputHeight();
    long outputWidth = shape.outputWidth();
    long stride = roundUp(outputWidth);
    long most = WindowRows.rowsAtOnce(window, outputWidth);
    MemorySegment gradients = Scratch.ofThread().buffer(1, most * stride);
    // Behind a row there is what a product with 0 makes to change no sum: −0.
    RowCopies.fill(gradients, -0f, 0, most * stride);
    for (long row = 0; row < outputHeight; row += most) {
      long rowEnd = Math.min(outputHeight, row + most);
      rows.frame(window, shape.height(), shape.width(), row, rowEnd, 0, outputWidth, 0f, 1);
      rows.read(x, plane * shape.plane(), 1);
      RowCopies.copy(
          dy,
          (plane * outputHeight + row) * outputWidth,
          outputWidth,
          gradients,
          0,
          stride,
          rowEnd - row,
          outputWidth);
      for (long t = 0; t < taps; t += TAPS) {
        long t1 = Math.min(t + 1, taps - 1);
        long t2 = Math.min(t + 2, taps - 1);
        for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
          sumProducts(
              rows.memory,
              rows.at(t) + lane,
              rows.at(t1) + lane,
              rows.at(t2) + lane,
              rows.rowStep,
              gradients,
              lane,
              stride,
              (rowEnd - row) * stride,
              outputWidth - lane,
              lanes,
              t * VirtualLanes.COUNT + lane,
              t1 * VirtualLanes.COUNT + lane,
              t2 * VirtualLanes.COUNT + lane);
        }
      }
    }
  }

  /**
   * Adds products of gradients with three elements of their windows to a vector of lanes each. Of
   * the last ones, that of the same element as another stays the same.
   */
  private static void sumProducts(
      MemorySegment x,
      long at0,
      long at1,
      long at2,
      long xStep,
      MemorySegment gradients,
      long at,
      long stride,
      long count,
      long width,
      MemorySegment lanes,
      long lanes0,
      long lanes1,
      long lanes2) {
    x = Lanes.memory(x);
    gradients = Lanes.memory(gradients);
    lanes = Lanes.memory(lanes);
    FloatVector sum0 =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lanes0 * Float.BYTES, ORDER));
    FloatVector sum1 =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lanes1 * Float.BYTES, ORDER));
    FloatVector sum2 =
        FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lanes2 * Float.BYTES, ORDER));
    FloatVector zero = FloatVector.zero(F32);
    long skip = 0;
    for (long i = 0; i < count; i += stride) {
      for (long j = i; j < i + stride; j += VirtualLanes.COUNT) {
        FloatVector gradient =
            FLOATS.cast(
                FloatVector.fromMemorySegment(F32, gradients, (at + j) * Float.BYTES, ORDER));
        var inside = FLOATS.cast(LANES).compare(VectorOperators.LT, (float) (width - (j - i)));
        sum0 =
            FLOATS
                .cast(zero)
                .blend(
                    FloatVector.fromMemorySegment(F32, x, (at0 + skip + j) * Float.BYTES, ORDER),
                    inside)
                .fma(gradient, FLOATS.cast(sum0));
        sum1 =
            FLOATS
                .cast(zero)
                .blend(
                    FloatVector.fromMemorySegment(F32, x, (at1 + skip + j) * Float.BYTES, ORDER),
                    inside)
                .fma(gradient, FLOATS.cast(sum1));
        sum2 =
            FLOATS
                .cast(zero)
                .blend(
                    FloatVector.fromMemorySegment(F32, x, (at2 + skip + j) * Float.BYTES, ORDER),
                    inside)
                .fma(gradient, FLOATS.cast(sum2));
      }
      skip += xStep - stride;
    }
    FLOATS.cast(sum2).intoMemorySegment(lanes, lanes2 * Float.BYTES, ORDER);
    FLOATS.cast(sum1).intoMemorySegment(lanes, lanes1 * Float.BYTES, ORDER);
    FLOATS.cast(sum0).intoMemorySegment(lanes, lanes0 * Float.BYTES, ORDER);
  }
}
