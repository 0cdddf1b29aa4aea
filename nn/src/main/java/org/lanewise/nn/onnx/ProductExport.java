package org.lanewise.nn.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.op.Window;

/** Matrix products, convolutions and pooling. */
final class ProductExport {
  private ProductExport() {}

  static String export(ProductOp.Gemm op, Emitter e) {
    boolean hasBias = op.epilogue().hasBias();
    String product;
    if (e.rank(0) == 2) {
      Map<String, Object> attributes =
          Map.of(
              "transA", op.transA() == Transpose.YES ? 1L : 0L,
              "transB", op.transB() == Transpose.YES ? 1L : 0L,
              "alpha", op.alpha());
      List<String> inputs = e.inputs().subList(0, hasBias ? 3 : 2);
      product = e.addAll("Gemm", 1, attributes, inputs).getFirst();
    } else {
      String a = matrices(e, 0, op.transA());
      String b = matrices(e, 1, op.transB());
      product = e.add("MatMul", a, b);
      product = op.alpha() == 1 ? product : e.add("Mul", product, e.number(op.alpha()));
      product = hasBias ? e.add("Add", product, e.input(2)) : product;
    }
    if (op.epilogue().residual()) {
      product = e.add("Add", product, e.input(hasBias ? 3 : 2));
    }
    return function(op.epilogue(), e, product);
  }

  /** The matrices of an operand, transposed or not. */
  private static String matrices(Emitter e, int input, Transpose transpose) {
    int rank = e.rank(input);
    if (transpose == Transpose.NO) {
      return e.input(input);
    }
    long[] order = LongStream.range(0, rank).toArray();
    order[rank - 2] = rank - 1;
    order[rank - 1] = rank - 2;
    return e.transpose(e.input(input), order);
  }

  private static String function(Epilogue epilogue, Emitter e, String x) {
    return switch (epilogue.function()) {
      case NONE -> x;
      case CLAMP ->
          e.add("Clip", x, e.number((float) epilogue.low()), e.number((float) epilogue.high()));
      case RELU, TANH, SILU, GELU, GELU_TANH ->
          ElementwiseExport.activation(epilogue.function().activation().orElseThrow(), e, x);
    };
  }

  static String export(ConvolutionOp.Forward op, Emitter e) {
    return switch (op) {
      case ConvolutionOp.Convolution(var window, var groups, var epilogue) -> {
        Map<String, Object> attributes =
            Map.of(
                "kernel_shape", kernel(window),
                "strides", strides(window),
                "pads", pads(window),
                "dilations", dilations(window),
                "group", groups);
        yield function(epilogue, e, e.addAll("Conv", 1, attributes, e.inputs()).getFirst());
      }
      case ConvolutionOp.TransposedConvolution(var window, var groups, _, _) ->
          e.add(
              "ConvTranspose",
              Map.of(
                  "kernel_shape", kernel(window),
                  "strides", strides(window),
                  "pads", pads(window),
                  "dilations", dilations(window),
                  "group", groups,
                  "output_padding", outputPadding(window, e)),
              e.input(0),
              e.input(1));
    };
  }

  /** What a result has more than the smallest one of the same windows, which is to be a number. */
  private static long[] outputPadding(Window w, Emitter e) {
    Dimension height = larger(e, 2, w.strideHeight(), w.extentHeight() - 2L * w.paddingHeight());
    Dimension width = larger(e, 3, w.strideWidth(), w.extentWidth() - 2L * w.paddingWidth());
    if (!height.isConstant() || !width.isConstant()) {
      throw e.refusal(
          "its result is larger than its windows ask for by %s rows and %s columns, which vary"
              .formatted(height, width));
    }
    return new long[] {height.at(0), width.at(0)};
  }

  private static Dimension larger(Emitter e, int axis, long stride, long windowLength) {
    Dimension x = e.inputShape(0).get(axis);
    Dimension y = e.resultShape().get(axis);
    return new Dimension(
        IntStream.range(0, x.traces())
            .mapToObj(i -> y.at(i) - ((x.at(i) - 1) * stride + windowLength))
            .toList());
  }

  static String export(PoolingOp.Forward op, Emitter e) {
    return switch (op) {
      case PoolingOp.MaxPooling _ when e.varies() -> e.add("GlobalMaxPool", e.input(0));
      case PoolingOp.AveragePooling _ when e.varies() -> e.add("GlobalAveragePool", e.input(0));
      case PoolingOp.MaxPooling(var window) -> {
        requirePadding(window, e);
        yield e.add(
            "MaxPool",
            Map.of(
                "kernel_shape", kernel(window),
                "strides", strides(window),
                "pads", pads(window),
                "dilations", dilations(window)),
            e.input(0));
      }
      case PoolingOp.AveragePooling(var window, var countPadding) -> {
        requirePadding(window, e);
        yield e.add(
            "AveragePool",
            Map.of(
                "kernel_shape", kernel(window),
                "strides", strides(window),
                "pads", pads(window),
                "count_include_pad", countPadding ? 1L : 0L),
            e.input(0));
      }
    };
  }

  /** Runtimes refuse a pooling whose windows may lie in padding alone. */
  private static void requirePadding(Window window, Emitter e) {
    if (window.paddingHeight() >= window.kernelHeight()
        || window.paddingWidth() >= window.kernelWidth()) {
      throw e.refusal("its padding must be less than its kernel but they are of " + window);
    }
  }

  private static long[] kernel(Window window) {
    return new long[] {window.kernelHeight(), window.kernelWidth()};
  }

  private static long[] strides(Window window) {
    return new long[] {window.strideHeight(), window.strideWidth()};
  }

  private static long[] dilations(Window window) {
    return new long[] {window.dilationHeight(), window.dilationWidth()};
  }

  private static long[] pads(Window window) {
    long height = window.paddingHeight();
    long width = window.paddingWidth();
    return new long[] {height, width, height, width};
  }
}
