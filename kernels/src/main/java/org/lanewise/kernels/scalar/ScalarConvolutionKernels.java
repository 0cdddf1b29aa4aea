package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ConvolutionKernels;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Window;

/** Two-dimensional convolutions, one element after the other. */
public final class ScalarConvolutionKernels implements ConvolutionKernels {
  /** The only instance. */
  public static final ScalarConvolutionKernels INSTANCE = new ScalarConvolutionKernels();

  private ScalarConvolutionKernels() {}

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
      long image = i / shape.outputPlane();
      long pixel = i % shape.outputPlane();
      for (long f = 0; f < shape.filters(); f++) {
        output(shape, epilogue, x, weight, bias, y, image, f, pixel);
      }
    }
  }

  /** The output of filter f of an image at a pixel. */
  static void output(
      ConvolutionShape shape,
      Epilogue epilogue,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      long image,
      long f,
      long pixel) {
    long group = f / shape.groupFilters();
    float value = 0f;
    for (long block = 0; block < shape.depth(); block += DEPTH_BLOCK) {
      float sum = 0f;
      for (long k = block; k < Math.min(shape.depth(), block + DEPTH_BLOCK); k++) {
        float w = weight.getAtIndex(JAVA_FLOAT, f * shape.depth() + k);
        sum = Math.fma(w, input(shape, x, image, group, k, pixel), sum);
      }
      value = block == 0 ? sum : value + sum;
    }
    if (epilogue.hasBias()) {
      value += bias.getAtIndex(JAVA_FLOAT, f);
    }
    y.setAtIndex(
        JAVA_FLOAT,
        (image * shape.filters() + f) * shape.outputPlane() + pixel,
        ScalarEpilogue.apply(epilogue, value));
  }

  /** What element k of a group's filters meets at a pixel: an element of x, or a padding zero. */
  static float input(
      ConvolutionShape shape, MemorySegment x, long image, long group, long k, long pixel) {
    Window window = shape.window();
    long channel = group * shape.groupChannels() + k / window.kernelSize();
    long element = element(shape, k % window.kernelSize(), pixel);
    return element < 0
        ? 0f
        : x.getAtIndex(JAVA_FLOAT, (image * shape.channels() + channel) * shape.plane() + element);
  }

  /** The element of a plane that element t of a pixel's window is, or −1 if it is padding. */
  private static long element(ConvolutionShape shape, long t, long pixel) {
    Window window = shape.window();
    long row =
        pixel / shape.outputWidth() * window.strideHeight()
            + t / window.kernelWidth() * window.dilationHeight()
            - window.paddingHeight();
    long column =
        pixel % shape.outputWidth() * window.strideWidth()
            + t % window.kernelWidth() * window.dilationWidth()
            - window.paddingWidth();
    boolean inside = row >= 0 && row < shape.height() && column >= 0 && column < shape.width();
    return inside ? row * shape.width() + column : -1;
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
    for (long plane = from; plane < to; plane++) {
      for (long i = 0; i < shape.plane() && !accumulate; i++) {
        dx.setAtIndex(JAVA_FLOAT, plane * shape.plane() + i, 0f);
      }
      for (long pixel = 0; pixel < shape.outputPlane(); pixel++) {
        for (long t = 0; t < shape.window().kernelSize(); t++) {
          long element = element(shape, t, pixel);
          if (element >= 0) {
            long at = plane * shape.plane() + element;
            float value = outputs(shape, dy, weight, plane, t, pixel);
            dx.setAtIndex(JAVA_FLOAT, at, dx.getAtIndex(JAVA_FLOAT, at) + value);
          }
        }
      }
    }
  }

  /** What the gradients of all filters at a pixel give for element t of a plane's window. */
  private static float outputs(
      ConvolutionShape shape,
      MemorySegment dy,
      MemorySegment weight,
      long plane,
      long t,
      long pixel) {
    long image = plane / shape.channels();
    long group = plane % shape.channels() / shape.groupChannels();
    long k = plane % shape.groupChannels() * shape.window().kernelSize() + t;
    float value = 0f;
    for (long block = 0; block < shape.groupFilters(); block += DEPTH_BLOCK) {
      float sum = 0f;
      for (long i = block; i < Math.min(shape.groupFilters(), block + DEPTH_BLOCK); i++) {
        long f = group * shape.groupFilters() + i;
        float gradient =
            dy.getAtIndex(JAVA_FLOAT, (image * shape.filters() + f) * shape.outputPlane() + pixel);
        sum = Math.fma(weight.getAtIndex(JAVA_FLOAT, f * shape.depth() + k), gradient, sum);
      }
      value = block == 0 ? sum : value + sum;
    }
    return value;
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
    long pixels = shape.images() * shape.outputPlane();
    long items = shape.weightItems() / shape.groups();
    for (long i = from; i < to; i++) {
      long group = i / items;
      for (long j = 0; j < shape.itemWeights(); j++) {
        long k = shape.hasShortFilters() ? j : i % items;
        long f = group * shape.groupFilters() + (shape.hasShortFilters() ? i % items : j);
        float value = 0f;
        for (long block = 0; block < pixels; block += PIXEL_BLOCK) {
          float sum = 0f;
          for (long p = block; p < Math.min(pixels, block + PIXEL_BLOCK); p++) {
            long image = p / shape.outputPlane();
            long pixel = p % shape.outputPlane();
            float gradient =
                dy.getAtIndex(
                    JAVA_FLOAT, (image * shape.filters() + f) * shape.outputPlane() + pixel);
            sum = Math.fma(input(shape, x, image, group, k, pixel), gradient, sum);
          }
          value = block == 0 ? sum : value + sum;
        }
        long at = f * shape.depth() + k;
        dWeight.setAtIndex(
            JAVA_FLOAT, at, accumulate ? dWeight.getAtIndex(JAVA_FLOAT, at) + value : value);
      }
    }
  }

  @Override
  public void backwardBias(
      long images,
      long filters,
      long plane,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment dBias,
      long from,
      long to) {
    for (long f = from; f < to; f++) {
      double sum = 0;
      for (long image = 0; image < images; image++) {
        float[] lanes = new float[VirtualLanes.COUNT];
        for (long i = 0; i < plane; i++) {
          lanes[(int) (i % VirtualLanes.COUNT)] +=
              dy.getAtIndex(JAVA_FLOAT, (image * filters + f) * plane + i);
        }
        sum += VirtualLanes.sum(lanes);
      }
      dBias.setAtIndex(
          JAVA_FLOAT, f, accumulate ? dBias.getAtIndex(JAVA_FLOAT, f) + (float) sum : (float) sum);
    }
  }
}
