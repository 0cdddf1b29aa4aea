package org.lanewise.nn.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.gradient.Gradients;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

class FusionTest {
  private final GraphBuilder graph = new GraphBuilder();
  private final Value x = graph.input("x", TensorType.f32(4, 3));
  private final Value w = graph.parameter("w", TensorType.f32(5, 3));
  private final Value product =
      graph
          .add(
              "layer",
              new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, Epilogue.NONE),
              List.of(x, w))
          .result();

  private Value activate(Activation function, Value argument) {
    return graph.add("", new ActivationOp.Activate(function), List.of(argument)).result();
  }

  private Graph fuse(Value... outputs) {
    for (int i = 0; i < outputs.length; i++) {
      graph.output("output " + i, outputs[i]);
    }
    return Fusion.apply(graph.build());
  }

  @Test
  void movesReluIntoTheProduct() {
    Value y = activate(Activation.RELU, product);
    Graph fused = fuse(y);
    assertThat(fused.nodes()).hasSize(1);
    assertThat(((ProductOp.Gemm) fused.nodes().getFirst().op()).epilogue())
        .isEqualTo(Epilogue.RELU);
    assertThat(fused.nodes().getFirst().result()).isSameAs(y);
    assertThat(fused.nodes().getFirst().layer()).isEqualTo("layer");
  }

  @Test
  void movesReluAlsoWhereItsGradientIsComputed() {
    Value y = activate(Activation.RELU, product);
    Value cotangent = graph.input("cotangent", y.type());
    graph.output("dw", Gradients.append(graph, Map.of(y, cotangent), List.of(w)).get(w));
    assertThat(fuse().nodes().getFirst().result()).isSameAs(y);
  }

  @Test
  void leavesAnActivationWhoseGradientNeedsTheProduct() {
    Value y = activate(Activation.GELU, product);
    Value cotangent = graph.input("cotangent", y.type());
    graph.output("dw", Gradients.append(graph, Map.of(y, cotangent), List.of(w)).get(w));
    assertThat(fuse(y).nodes().getFirst().result()).isSameAs(product);
  }

  @Test
  void leavesActivationsThatNoProductHas() {
    assertThat(fuse(activate(Activation.SIGMOID, product)).nodes()).hasSize(2);
  }

  private Value add(Value x, Value y) {
    return graph.add("", new ElementwiseOp.Binary(BinaryFunction.ADD), List.of(x, y)).result();
  }

  private final Value bias = graph.parameter("bias", TensorType.f32(5));
  private final Value residual = graph.input("residual", TensorType.f32(4, 5));

  @Test
  void movesBiasThenResidualThenFunction() {
    Value y = activate(Activation.GELU, add(residual, add(product, bias)));
    Graph fused = fuse(y);
    assertThat(fused.nodes()).hasSize(1);
    assertThat(fused.nodes().getFirst().inputs()).containsExactly(x, w, bias, residual);
    assertThat(((ProductOp.Gemm) fused.nodes().getFirst().op()).epilogue())
        .isEqualTo(Epilogue.of(Epilogue.Bias.COLUMN, Epilogue.Function.GELU).withResidual());
  }

  @Test
  void leavesWhatComesInAnotherOrder() {
    assertThat(fuse(add(add(product, residual), bias)).nodes()).hasSize(2);
  }

  @Test
  void leavesWhatComesAfterTheFunction() {
    assertThat(fuse(add(activate(Activation.RELU, product), residual)).nodes()).hasSize(2);
  }

  @Test
  void leavesAnAdditionOfTheProductToItself() {
    assertThat(fuse(add(product, product)).nodes()).hasSize(2);
  }

  @Test
  void leavesAResidualThatIsComputedAfterTheProduct() {
    Value later = activate(Activation.SIGMOID, residual);
    assertThat(fuse(add(product, later)).nodes()).hasSize(3);
  }

  @Test
  void addsAnotherProductAsItsResidual() {
    Value other =
        graph
            .add(
                "",
                new ProductOp.Gemm(Transpose.NO, Transpose.NO, 1f, Epilogue.NONE),
                List.of(residual, graph.parameter("v", TensorType.f32(5, 5))))
            .result();
    Graph fused = fuse(activate(Activation.TANH, add(product, other)));
    assertThat(fused.nodes()).hasSize(2);
    assertThat(fused.nodes().getLast().input(2)).isSameAs(product);
  }

  @Test
  void leavesAProductThatIsReadElsewhere() {
    assertThat(fuse(activate(Activation.RELU, product), product).nodes()).hasSize(2);
  }

  private Value convolution(Epilogue epilogue) {
    Value images = graph.input("images", TensorType.f32(2, 3, 5, 5));
    Value filters = graph.parameter("filters", TensorType.f32(5, 3, 3, 3));
    return graph
        .add(
            "convolution",
            new ConvolutionOp.Convolution(Window.of(3), 1, epilogue),
            epilogue.hasBias() ? List.of(images, filters, bias) : List.of(images, filters))
        .result();
  }

  @Test
  void movesAFunctionIntoAConvolution() {
    Value y = activate(Activation.SILU, convolution(Epilogue.ROW_BIAS));
    Graph fused = fuse(y);
    assertThat(fused.nodes()).hasSize(2); // the other is the product
    assertThat(fused.nodes().getLast().op())
        .isEqualTo(
            new ConvolutionOp.Convolution(
                Window.of(3), 1, Epilogue.of(Epilogue.Bias.ROW, Epilogue.Function.SILU)));
    assertThat(fused.nodes().getLast().result()).isSameAs(y);
    assertThat(fused.nodes().getLast().layer()).isEqualTo("convolution");
  }

  @Test
  void leavesAConvolutionThatIsReadElsewhere() {
    Value convolution = convolution(Epilogue.NONE);
    assertThat(fuse(activate(Activation.RELU, convolution), convolution).nodes()).hasSize(3);
  }

  @Test
  void leavesAnAdditionToAConvolution() {
    Value convolution = convolution(Epilogue.NONE);
    Value other = graph.input("other", convolution.type());
    assertThat(fuse(activate(Activation.RELU, add(convolution, other))).nodes()).hasSize(4);
  }

  @Test
  void leavesASecondRelu() {
    Value y = activate(Activation.RELU, product);
    assertThat(fuse(activate(Activation.RELU, y)).nodes()).hasSize(2);
  }

  private Value reshape(Value x, long... dimensions) {
    return graph.add("reshape", new LayoutOp.Reshape(Shape.of(dimensions)), List.of(x)).result();
  }

  @Test
  void movesAFunctionAcrossAChangeOfShape() {
    Value convolution = convolution(Epilogue.ROW_BIAS);
    Value y = activate(Activation.TANH, reshape(convolution, 2, 5, 9));
    Graph fused = fuse(y);
    assertThat(fused.nodes()).hasSize(3);
    assertThat(fused.nodes().get(1).op())
        .isEqualTo(
            new ConvolutionOp.Convolution(
                Window.of(3), 1, Epilogue.ROW_BIAS.withFunction(Epilogue.Function.TANH)));
    assertThat(fused.nodes().get(1).result()).isSameAs(convolution);
    assertThat(fused.nodes().get(2).op()).isEqualTo(new LayoutOp.Reshape(Shape.of(2, 5, 9)));
    assertThat(fused.nodes().get(2).inputs()).containsExactly(convolution);
    assertThat(fused.nodes().get(2).result()).isSameAs(y);
  }

  @Test
  void leavesAFunctionOfAShapeThatIsReadElsewhere() {
    Value other = reshape(product, 20);
    assertThat(fuse(activate(Activation.RELU, other), other).nodes()).hasSize(3);
  }

  @Test
  void leavesAFunctionOfAShapeOfWhatIsReadElsewhere() {
    assertThat(fuse(activate(Activation.RELU, reshape(product, 20)), product).nodes()).hasSize(3);
  }

  @Test
  void leavesASecondFunctionAfterAChangeOfShape() {
    Value y = activate(Activation.RELU, product);
    Graph fused = fuse(activate(Activation.TANH, reshape(y, 20)));
    assertThat(fused.nodes()).hasSize(3);
    assertThat(fused.nodes().getFirst().result()).isSameAs(y);
  }
}
