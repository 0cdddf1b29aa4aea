package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.List;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Window;

/** Convolutions and poolings: dense, in groups, depthwise; with stride, padding and dilation. */
final class ImageOpCases {
  private ImageOpCases() {}

  static void addTo(List<OpCase> cases) {
    convolution(cases, Window.of(3).withPadding(1), 1, 5, 3, 13, 17, 6);
    convolution(cases, Window.of(3, 2).withStride(2).withDilation(2, 1), 2, 2, 4, 12, 9, 6);
    convolution(cases, Window.of(3).withPadding(1), 8, 3, 8, 10, 20, 8);
    convolution(cases, Window.of(1), 1, 2, 6, 5, 5, 4);
    convolution(cases, Window.of(3).withPadding(1), 1, 4, 16, 28, 28, 32);
    convolution(cases, Window.of(3), 1, 1, 60, 7, 7, 5); // more products than a block has
    convolution(cases, Window.of(1), 1, 1, 3, 4, 5, 520);
    pooling(cases, Window.of(2).withStride(2), 3, 5, 8, 11);
    pooling(cases, Window.of(3).withPadding(1), 2, 40, 9, 21);
    pooling(cases, Window.of(3, 2).withStride(4, 3), 2, 3, 12, 50);
    pooling(cases, Window.of(7, 5), 2, 3, 7, 5);
  }

  private static void convolution(
      List<OpCase> cases,
      Window window,
      long groups,
      long images,
      long channels,
      long height,
      long width,
      long filters) {
    TensorType x = f32(images, channels, height, width);
    TensorType weight =
        f32(filters, channels / groups, window.kernelHeight(), window.kernelWidth());
    TensorType y = f32(images, filters, window.outputHeight(height), window.outputWidth(width));
    cases.add(
        new OpCase(new ConvolutionOp.Convolution(window, groups, true), x, weight, f32(filters)));
    cases.add(new OpCase(new ConvolutionOp.Convolution(window, groups, false), x, weight));
    cases.add(
        new OpCase(
            new ConvolutionOp.ConvolutionInputGradient(window, groups, height, width), y, weight));
    cases.add(new OpCase(new ConvolutionOp.ConvolutionWeightGradient(window, groups), x, y));
    cases.add(new OpCase(new ConvolutionOp.ConvolutionBiasGradient(), y));
  }

  private static void pooling(
      List<OpCase> cases, Window window, long images, long channels, long height, long width) {
    TensorType x = f32(images, channels, height, width);
    long[] output = {images, channels, window.outputHeight(height), window.outputWidth(width)};
    cases.add(new OpCase(new PoolingOp.MaxPooling(window), 2, List.of(x)));
    cases.add(
        new OpCase(
            new PoolingOp.MaxPoolingBackward(height, width),
            (int) (height * width),
            List.of(f32(output), i32(output))));
    for (boolean countPadding : new boolean[] {false, true}) {
      cases.add(new OpCase(new PoolingOp.AveragePooling(window, countPadding), x));
      cases.add(
          new OpCase(
              new PoolingOp.AveragePoolingBackward(window, countPadding, height, width),
              f32(output)));
    }
  }
}
