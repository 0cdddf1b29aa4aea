package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.host.DepthwiseKernels;
import org.lanewise.kernels.op.Epilogue;

/** Depthwise convolutions as those of any groups are, but for the order of a weight's gradient. */
public final class ScalarDepthwiseKernels implements DepthwiseKernels {
  /** The only instance. */
  public static final ScalarDepthwiseKernels INSTANCE = new ScalarDepthwiseKernels();

  private ScalarDepthwiseKernels() {}

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
      long image = i / shape.filters();
      long f = i % shape.filters();
      for (long pixel = 0; pixel < shape.outputPlane(); pixel++) {
        ScalarConvolutionKernels.output(shape, epilogue, x, weight, bias, y, image, f, pixel);
      }
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
    ScalarConvolutionKernels.INSTANCE.backwardInput(shape, accumulate, dy, weight, dx, from, to);
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
    for (long i = from * shape.depth(); i < to * shape.depth(); i++) {
      long f = i / shape.depth();
      float value = 0f;
      for (long image = 0; image < shape.images(); image++) {
        float[] lanes = new float[VirtualLanes.COUNT];
        for (long pixel = 0; pixel < shape.outputPlane(); pixel++) {
          int lane = (int) (pixel % shape.outputWidth() % VirtualLanes.COUNT);
          float gradient =
              dy.getAtIndex(
                  JAVA_FLOAT, (image * shape.filters() + f) * shape.outputPlane() + pixel);
          float input =
              ScalarConvolutionKernels.input(shape, x, image, f, i % shape.depth(), pixel);
          lanes[lane] = Math.fma(input, gradient, lanes[lane]);
        }
        value += VirtualLanes.sum(lanes);
      }
      dWeight.setAtIndex(
          JAVA_FLOAT, i, accumulate ? dWeight.getAtIndex(JAVA_FLOAT, i) + value : value);
    }
  }
}
