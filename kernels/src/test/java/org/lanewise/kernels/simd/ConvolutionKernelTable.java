package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lanewise.kernels.TestTensor;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.host.HostKernels;
import org.lanewise.kernels.host.PoolingShape;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.scalar.ScalarPoolingKernels;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.gemm.f32.Product;

/** Convolutions and poolings of some sizes, with their twins. */
final class ConvolutionKernelTable {
  private static final Arena ARENA = Arena.ofAuto();
  private static final Epilogue EPILOGUE = Epilogue.ROW_BIAS.withFunction(Epilogue.Function.SILU);

  /** Operands of a kernel. */
  @FunctionalInterface
  interface Call {
    void run(
        HostKernels k, MemorySegment x, MemorySegment z, MemorySegment indices, MemorySegment out);
  }

  private ConvolutionKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    Product.warmUp(Double.MAX_VALUE); // what a product compiles late is not what is tested here
    addConvolution(kernels, "3x3", new Shape(Window.of(3).withPadding(1), 1, 2, 5, 9, 17, 6));
    addConvolution(kernels, "1x1", new Shape(Window.of(1), 2, 2, 6, 5, 7, 10));
    addConvolution(
        kernels, "strides", new Shape(new Window(2, 5, 1, 2, 0, 2, 2, 1), 1, 1, 3, 6, 70, 4));
    addDepthwise(kernels, "3x3", new Shape(Window.of(3).withPadding(1), 4, 2, 4, 9, 19, 4));
    addDepthwise(
        kernels, "5x2 stride 2", new Shape(Window.of(5, 2).withStride(2), 3, 1, 3, 9, 71, 3));
    addPooling(kernels, "2x2", new PoolingShape(Window.of(2).withStride(2), 8, 70));
    addPooling(kernels, "3x3", new PoolingShape(Window.of(3).withPadding(1), 7, 19));
    addPooling(kernels, "global", new PoolingShape(Window.of(7, 5), 7, 5));
  }

  /** Sizes with a short name. */
  private record Shape(
      Window window, int groups, int images, int channels, int height, int width, int filters) {
    ConvolutionShape full() {
      return new ConvolutionShape(window, groups, images, channels, height, width, filters);
    }
  }

  private static void addConvolution(List<Kernel> kernels, String name, Shape sizes) {
    ConvolutionShape shape = sizes.full();
    long pixels = shape.images() * shape.outputPlane();
    long planes = shape.images() * shape.channels();
    kernels.add(
        kernel(
            "convolution " + name,
            pixels * shape.filters(),
            (k, x, z, _, out) ->
                k.convolutions().forward(shape, EPILOGUE, x, z, x, out, 0, pixels)));
    kernels.add(
        kernel(
            "convolution backwardInput " + name,
            planes * shape.plane(),
            (k, x, z, _, out) ->
                k.convolutions().backwardInput(shape, true, x, z, out, 0, planes)));
    kernels.add(
        kernel(
            "convolution backwardWeight " + name,
            shape.filters() * shape.depth(),
            (k, x, z, _, out) ->
                k.convolutions().backwardWeight(shape, true, x, z, out, 0, shape.weightItems())));
    kernels.add(
        kernel(
            "convolution backwardBias " + name,
            shape.filters(),
            (k, x, _, _, out) ->
                k.convolutions()
                    .backwardBias(
                        shape.images(),
                        shape.filters(),
                        shape.outputPlane(),
                        true,
                        x,
                        out,
                        0,
                        shape.filters())));
  }

  private static void addDepthwise(List<Kernel> kernels, String name, Shape sizes) {
    ConvolutionShape shape = sizes.full();
    long planes = shape.images() * shape.channels();
    kernels.add(
        kernel(
            "depthwise " + name,
            planes * shape.outputPlane(),
            (k, x, z, _, out) -> k.depthwise().forward(shape, EPILOGUE, x, z, x, out, 0, planes)));
    kernels.add(
        kernel(
            "depthwise backwardInput " + name,
            planes * shape.plane(),
            (k, x, z, _, out) -> k.depthwise().backwardInput(shape, true, x, z, out, 0, planes)));
    kernels.add(
        kernel(
            "depthwise backwardWeight " + name,
            shape.filters() * shape.depth(),
            (k, x, z, _, out) ->
                k.depthwise().backwardWeight(shape, true, x, z, out, 0, shape.filters())));
  }

  private static void addPooling(List<Kernel> kernels, String name, PoolingShape shape) {
    long planes = 3;
    long inputs = planes * shape.plane();
    long outputs = planes * shape.outputPlane();
    kernels.add(
        kernel(
            "max pooling " + name,
            outputs,
            (k, x, _, indices, out) -> k.pooling().max(shape, x, out, indices, 0, planes)));
    kernels.add(
        kernel(
            "average pooling " + name,
            outputs,
            (k, x, _, _, out) -> k.pooling().average(shape, false, x, out, 0, planes)));
    kernels.add(
        kernel(
            "average pooling backward " + name,
            inputs,
            (k, x, _, _, out) ->
                k.pooling().averageBackward(shape, true, true, x, out, 0, planes)));
    MemorySegment places = ARENA.allocate(outputs * Integer.BYTES, 64);
    MemorySegment values = TestTensor.normal(ARENA, inputs, 1, 4).segment();
    ScalarPoolingKernels.INSTANCE.max(
        shape, values, ARENA.allocate(outputs * Float.BYTES, 4), places, 0, planes);
    kernels.add(
        kernel(
            "max pooling backward " + name,
            inputs,
            (k, x, _, _, out) ->
                k.pooling()
                    .maxBackward(
                        shape.plane(), shape.outputPlane(), false, x, places, out, 0, planes)));
  }

  /** A kernel on operands of its own, of whose results and indices the table gets a hash. */
  private static Kernel kernel(String name, long outputs, Call call) {
    long size = 3000;
    MemorySegment x = TestTensor.normal(ARENA, size, 1, 1).segment();
    MemorySegment z = TestTensor.normal(ARENA, size, 1, 2).segment();
    MemorySegment old = TestTensor.normal(ARENA, outputs, 1, 3).segment();
    MemorySegment out = ARENA.allocate(outputs * Float.BYTES, 4);
    MemorySegment indices = ARENA.allocate(outputs * Integer.BYTES, 4);
    return Kernel.of(
        name,
        Axis.WHOLE,
        (k, t, from, to) -> {
          out.copyFrom(old);
          call.run(k, x, z, indices, out);
          int hash = 0;
          for (long i = 0; i < outputs; i++) {
            hash = 31 * hash + Float.floatToIntBits(out.getAtIndex(JAVA_FLOAT, i));
            hash = 31 * hash + Float.floatToIntBits(indices.getAtIndex(JAVA_FLOAT, i));
          }
          t.out.setAtIndex(JAVA_FLOAT, 0, hash >> 8);
        });
  }
}
