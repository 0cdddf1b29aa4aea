package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.List;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.Epilogue;
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
    epilogues(cases, Window.of(3).withPadding(1), 1, f32(2, 3, 9, 21), f32(9, 3, 3, 3));
    epilogues(cases, Window.of(3).withStride(2), 2, f32(2, 4, 11, 37), f32(18, 2, 3, 3));
    epilogues(cases, Window.of(3).withPadding(1), 5, f32(2, 5, 70, 35), f32(5, 1, 3, 3));
    epilogues(cases, Window.of(1), 1, f32(2, 6, 7, 5), f32(4, 6, 1, 1));
    epilogues(cases, Window.of(1), 1, f32(1, 520, 8, 9), f32(9, 520, 1, 1)); // two blocks
    pooling(cases, Window.of(2).withStride(2), 3, 5, 8, 11);
    pooling(cases, Window.of(3).withPadding(1), 2, 40, 9, 21);
    pooling(cases, Window.of(3, 2).withStride(4, 3), 2, 3, 12, 50);
    pooling(cases, Window.of(7, 5), 2, 3, 7, 5);
  }

  /** Every function, with and without a bias. */
  private static void epilogues(
      List<OpCase> cases, Window window, long groups, TensorType x, TensorType weight) {
    for (Epilogue.Function function : Epilogue.Function.values()) {
      for (Epilogue.Bias bias : List.of(Epilogue.Bias.NONE, Epilogue.Bias.ROW)) {
        if (function.activation().isPresent()) {
          Epilogue epilogue = Epilogue.of(bias, function);
          convolution(cases, new ConvolutionOp.Convolution(window, groups, epilogue), x, weight);
        }
      }
    }
  }

  private static void convolution(
      List<OpCase> cases, ConvolutionOp.Convolution op, TensorType x, TensorType weight) {
    TensorType bias = f32(weight.shape().dimension(0));
    cases.add(
        op.epilogue().hasBias() ? new OpCase(op, x, weight, bias) : new OpCase(op, x, weight));
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
    for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.ROW_BIAS)) {
      convolution(cases, new ConvolutionOp.Convolution(window, groups, epilogue), x, weight);
    }
    cases.add(
        new OpCase(
            new ConvolutionOp.TransposedConvolution(window, groups, height, width), y, weight));
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
