package org.lanewise.nn.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;
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
  void leavesOtherActivations() {
    assertThat(fuse(activate(Activation.TANH, product)).nodes()).hasSize(2);
  }

  @Test
  void leavesAProductThatIsReadElsewhere() {
    assertThat(fuse(activate(Activation.RELU, product), product).nodes()).hasSize(2);
  }

  @Test
  void leavesASecondRelu() {
    Value y = activate(Activation.RELU, product);
    assertThat(fuse(activate(Activation.RELU, y)).nodes()).hasSize(2);
  }
}
