package org.lanewise.kernels.simd.convolution;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ConvolutionKernels;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.gemm.f32.Product;

/**
 * Two-dimensional convolutions as matrix products of blocks that stay in the second-level cache.
 * Nothing is checked.
 */
public final class SimdConvolutionKernels implements ConvolutionKernels {
  /** Elements of a block of windows. */
  private static final long BLOCK_ELEMENTS = 128 * 1024;

  /** Pixels of a block: a multiple of those in a tile of the product. */
  private static final long TILE_PIXELS = 64;

  private static final long MAX_PIXELS = 1024;

  /** Channels whose gradients are computed at once, if a block has room for more. */
  private static final long CHANNELS = 32;

  /** Elements of filters whose gradients are computed at once. */
  private static final long MAX_ELEMENTS = 384;

  /** Distance of the rows in blocks of {@link #PIXEL_BLOCK}. */
  private static final long PIXEL_STRIDE = PIXEL_BLOCK + 32;

  /** What copies write beyond their end. */
  private static final long SLACK = 2 * COUNT;

  /** The only instance. */
  public static final SimdConvolutionKernels INSTANCE = new SimdConvolutionKernels();

  private SimdConvolutionKernels() {}

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
    boolean pointwise = shape.window().isPointwise();
    PixelBlock block = PixelBlock.ofThread();
    long outputWidth = shape.outputWidth();
    long outputPlane = shape.outputPlane();
    long plane = shape.plane();
    long depth = shape.depth();
    long filters = shape.groupFilters();
    long channels = shape.groupChannels();
    long size = blockPixels(Math.max(depth, filters));
    boolean nineTaps = NineTaps.fits(shape);
    long end;
    for (long i = from; i < to; i = end) {
      long image = i / outputPlane;
      long first = i - image * outputPlane;
      long left = Math.min(outputPlane, first + to - i);
      if (nineTaps && first == 0 && left == outputPlane) {
        end = i + outputPlane;
        SimdDepthwiseKernels.forward(shape, epilogue, x, weight, bias, y, image);
        continue;
      }
      long last = PixelBlock.end(first, left, outputWidth, size);
      long pixels = last - first;
      end = i + pixels;
      if (!pointwise) {
        block.take(shape, outputWidth, first, last);
      }
      for (long g = 0; g < shape.groups(); g++) {
        long input = (image * shape.channels() + g * channels) * plane;
        long output = (image * shape.filters() + g * filters) * outputPlane + first;
        Product product = Product.ofThread().size(filters, pixels, depth);
        if (pointwise) {
          product.right(Transpose.NO, x, input + first, plane);
        } else {
          MemorySegment matrix = Scratch.ofThread().buffer(1, depth * pixels + SLACK);
          block.columns(x, input, plane, 0, depth, matrix, 0, pixels);
          product.right(Transpose.NO, matrix, 0, pixels);
        }
        product
            .left(1f, Transpose.NO, weight, g * filters * depth, depth)
            .result(0f, y, output, outputPlane)
            .epilogue(epilogue, bias, g * filters, null, 0, 0)
            .run();
        product.clear();
      }
    }
  }

  private static long blockPixels(long depth) {
    long tiles = BLOCK_ELEMENTS / (TILE_PIXELS * Math.max(1, depth));
    return Math.clamp(tiles * TILE_PIXELS, (int) TILE_PIXELS, (int) MAX_PIXELS);
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
    // With one depth block, the product adds to C what the general way adds.
    boolean pointwise =
        shape.window().isPointwise() && shape.groupFilters() <= ProductOp.DEPTH_BLOCK;
    long plane = shape.plane();
    long channels = shape.groupChannels();
    long size = pointwise ? plane : blockPixels(CHANNELS * shape.window().kernelSize());
    long most = Math.max(1, BLOCK_ELEMENTS / (shape.window().kernelSize() * size));
    long end;
    for (long i = from; i < to; i = end) {
      long group = i / channels;
      end = Math.min(to, (group + 1) * channels);
      if (pointwise) {
        backwardPointwise(shape, accumulate, dy, weight, dx, i, end);
      } else {
        end = Math.min(end, i + most);
        if (!accumulate) {
          RowCopies.fill(dx, 0f, i * plane, end * plane);
        }
        backwardInput(shape, size, dy, weight, dx, i, end);
      }
    }
  }

  /** For planes of one image and group. */
  private static void backwardPointwise(
      ConvolutionShape shape,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment weight,
      MemorySegment dx,
      long from,
      long to) {
    long plane = shape.plane();
    if (!accumulate) {
      RowCopies.fill(dx, 0f, from * plane, to * plane);
    }
    Product product = product(shape, dy, weight, from, to, 0, plane);
    product.result(1f, dx, from * plane, plane).run();
    product.clear();
  }

  /** For planes of one image and group, which are clear or have something to add to. */
  private static void backwardInput(
      ConvolutionShape shape,
      long size,
      MemorySegment dy,
      MemorySegment weight,
      MemorySegment dx,
      long from,
      long to) {
    PixelBlock block = PixelBlock.ofThread();
    long outputWidth = shape.outputWidth();
    long outputPlane = shape.outputPlane();
    long plane = shape.plane();
    long last;
    for (long first = 0; first < outputPlane; first = last) {
      last = PixelBlock.end(first, outputPlane, outputWidth, size);
      long pixels = last - first;
      long rows = (to - from) * shape.window().kernelSize();
      MemorySegment matrix = Scratch.ofThread().buffer(1, rows * pixels + SLACK);
      Product product = product(shape, dy, weight, from, to, first, last);
      product.result(0f, matrix, 0, pixels).run();
      product.clear();
      block.take(shape, outputWidth, first, last);
      block.addTo(dx, from * plane, plane, to - from, matrix, pixels);
    }
  }

  /** The transposed weights of planes of one image and group, times the gradients of pixels. */
  private static Product product(
      ConvolutionShape shape,
      MemorySegment dy,
      MemorySegment weight,
      long from,
      long to,
      long first,
      long last) {
    long kernel = shape.window().kernelSize();
    long channels = shape.groupChannels();
    long filters = shape.groupFilters();
    long depth = shape.depth();
    long image = from / shape.channels();
    long group = from / channels - image * shape.groups();
    long channel = from % channels;
    return Product.ofThread()
        .size((to - from) * kernel, last - first, filters)
        .left(1f, Transpose.YES, weight, group * filters * depth + channel * kernel, depth)
        .right(
            Transpose.NO,
            dy,
            (image * shape.filters() + group * filters) * shape.outputPlane() + first,
            shape.outputPlane());
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
    long items = shape.weightItems() / shape.groups();
    long most =
        Math.clamp(BLOCK_ELEMENTS / Math.max(1, shape.itemWeights()), 32, (int) MAX_ELEMENTS);
    long end;
    for (long i = from; i < to; i = end) {
      long group = i / items;
      long first = i - group * items;
      end = Math.min(Math.min(to, (group + 1) * items), i + most);
      if (shape.hasShortFilters()) {
        backwardWeight(shape, x, dy, accumulate, dWeight, group, first, end - i, 0, shape.depth());
      } else {
        backwardWeight(
            shape, x, dy, accumulate, dWeight, group, 0, shape.groupFilters(), first, end - i);
      }
    }
  }

  /** For elements {@code from ≤ k < from + count} of some of a group's filters. */
  private static void backwardWeight(
      ConvolutionShape shape,
      MemorySegment x,
      MemorySegment dy,
      boolean accumulate,
      MemorySegment dWeight,
      long group,
      long filter,
      long filters,
      long from,
      long count) {
    Scratch scratch = Scratch.ofThread();
    long firstFilter = group * shape.groupFilters() + filter;
    long pixels = shape.images() * shape.outputPlane();
    MemorySegment matrix = scratch.buffer(1, count * PIXEL_STRIDE + SLACK);
    MemorySegment gradients = scratch.buffer(2, filters * PIXEL_STRIDE + SLACK);
    MemorySegment sums = scratch.buffer(3, count * filters + SLACK);
    RowCopies.fill(sums, 0f, 0, count * filters);
    for (long i = 0; i < pixels; i += PIXEL_BLOCK) {
      long end = Math.min(pixels, i + PIXEL_BLOCK);
      takeInputs(shape, x, group, from, count, i, end, matrix);
      takeGradients(shape, dy, firstFilter, filters, i, end, gradients);
      Product product =
          Product.ofThread()
              .size(count, filters, end - i)
              .left(1f, Transpose.NO, matrix, 0, PIXEL_STRIDE)
              .right(Transpose.YES, gradients, 0, PIXEL_STRIDE)
              .result(i == 0 ? 0f : 1f, sums, 0, filters);
      product.run();
      product.clear();
    }
    for (long j = 0; j < filters; j++) {
      long at = (firstFilter + j) * shape.depth() + from;
      for (long k = 0; k < count; k++) {
        float sum = sums.getAtIndex(FLOAT, k * filters + j);
        dWeight.setAtIndex(
            FLOAT, at + k, accumulate ? dWeight.getAtIndex(FLOAT, at + k) + sum : sum);
      }
    }
  }

  /** Collects elements {@code kFrom ≤ k < kFrom + kCount} of the windows of some pixels. */
  private static void takeInputs(
      ConvolutionShape shape,
      MemorySegment x,
      long group,
      long kFrom,
      long kCount,
      long from,
      long to,
      MemorySegment matrix) {
    PixelBlock block = PixelBlock.ofThread();
    long outputWidth = shape.outputWidth();
    long outputPlane = shape.outputPlane();
    long plane = shape.plane();
    long end;
    for (long i = from; i < to; i = end) {
      long image = i / outputPlane;
      long first = i - image * outputPlane;
      long left = Math.min(outputPlane, first + to - i);
      long last = PixelBlock.end(first, left, outputWidth, PIXEL_BLOCK);
      end = i + last - first;
      block.take(shape, outputWidth, first, last);
      block.columns(
          x,
          (image * shape.channels() + group * shape.groupChannels()) * plane,
          plane,
          kFrom,
          kFrom + kCount,
          matrix,
          i - from,
          PIXEL_STRIDE);
    }
  }

  /** Collects what filters have as the gradients of some pixels. */
  private static void takeGradients(
      ConvolutionShape shape,
      MemorySegment dy,
      long filter,
      long filters,
      long from,
      long to,
      MemorySegment gradients) {
    long outputPlane = shape.outputPlane();
    long end;
    for (long i = from; i < to; i = end) {
      long image = i / outputPlane;
      long first = i - image * outputPlane;
      end = Math.min(to, (image + 1) * outputPlane);
      RowCopies.copy(
          dy,
          (image * shape.filters() + filter) * outputPlane + first,
          outputPlane,
          gradients,
          i - from,
          PIXEL_STRIDE,
          filters,
          end - i);
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
        long at = (image * filters + f) * plane;
        sum += PlaneSums.sum(dy, at, at + plane);
      }
      dBias.setAtIndex(
          FLOAT, f, accumulate ? dBias.getAtIndex(FLOAT, f) + (float) sum : (float) sum);
    }
  }
}
