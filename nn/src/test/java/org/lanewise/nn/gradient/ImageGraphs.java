package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Convolution and pooling. */
final class ImageGraphs {
  private ImageGraphs() {}

  static void addTo(List<GraphCase> cases) {
    convolution(cases, Window.of(2, 3).withPadding(0, 1), 1, 2);
    convolution(cases, Window.of(2).withStride(2), 2, 4);
    convolution(cases, Window.of(3).withPadding(1), 4, 4);
    transposed(cases, Window.of(2, 3).withPadding(0, 1), 1, 6, 4);
    transposed(cases, Window.of(3).withStride(2).withPadding(1), 2, 9, 8); // a column more
    transposed(cases, Window.of(2).withDilation(2), 4, 7, 6);
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(2, 2, 5, 4));
    cases.add(GraphCase.of(new PoolingOp.MaxPooling(Window.of(2)), graph, List.of(x)));
    for (boolean countPadding : new boolean[] {false, true}) {
      GraphBuilder other = new GraphBuilder();
      Value y = other.parameter("x", f32(2, 2, 5, 4));
      Window window = Window.of(3).withStride(2).withPadding(1);
      cases.add(
          GraphCase.of(new PoolingOp.AveragePooling(window, countPadding), other, List.of(y)));
    }
  }

  private static void convolution(List<GraphCase> cases, Window window, long groups, long filters) {
    for (Epilogue epilogue :
        List.of(
            Epilogue.NONE,
            Epilogue.ROW_BIAS,
            Epilogue.RELU,
            Epilogue.ROW_BIAS.withFunction(Epilogue.Function.TANH))) {
      GraphBuilder graph = new GraphBuilder();
      List<Value> inputs = new ArrayList<>();
      inputs.add(graph.parameter("x", f32(2, 4, 5, 4)));
      inputs.add(
          graph.parameter(
              "weight", f32(filters, 4 / groups, window.kernelHeight(), window.kernelWidth())));
      if (epilogue.hasBias()) {
        inputs.add(graph.parameter("bias", f32(filters)));
      }
      cases.add(
          GraphCase.of(new ConvolutionOp.Convolution(window, groups, epilogue), graph, inputs));
    }
  }

  /** To images of so many pixels. */
  private static void transposed(
      List<GraphCase> cases, Window window, long groups, long height, long width) {
    GraphBuilder graph = new GraphBuilder();
    Value x =
        graph.parameter("x", f32(2, 4, window.outputHeight(height), window.outputWidth(width)));
    Value weight =
        graph.parameter("weight", f32(4, 1, window.kernelHeight(), window.kernelWidth()));
    cases.add(
        GraphCase.of(
            new ConvolutionOp.TransposedConvolution(window, groups, height, width),
            graph,
            List.of(x, weight)));
  }
}
