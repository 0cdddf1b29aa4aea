package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;

class FusionTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(4, 3));
  private final Value w = graph.parameter("w", TensorType.f32(5, 3));
  private final Value product =
      graph
          .add(
              new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, false, Epilogue.NONE),
              List.of(x, w))
          .result();

  private Value activate(Activation function) {
    return graph.add(new ActivationOp.Activate(function), List.of(product)).result();
  }

  @Test
  void movesReluIntoTheProduct() {
    Value y = activate(Activation.RELU);
    Fusion.apply(graph, List.of(y));
    assertThat(graph.nodes()).hasSize(1);
    assertThat(((ProductOp.Gemm) graph.nodes().getFirst().op()).epilogue())
        .isEqualTo(Epilogue.RELU);
    assertThat(graph.nodes().getFirst().result()).isSameAs(y);
  }

  @Test
  void leavesOtherActivations() {
    Fusion.apply(graph, List.of(activate(Activation.TANH)));
    assertThat(graph.nodes()).hasSize(2);
  }

  @Test
  void leavesAProductThatIsReadElsewhere() {
    Value y = activate(Activation.RELU);
    Fusion.apply(graph, List.of(y, product));
    assertThat(graph.nodes()).hasSize(2);
  }

  @Test
  void leavesASecondRelu() {
    Value y = activate(Activation.RELU);
    Value z = graph.add(new ActivationOp.Activate(Activation.RELU), List.of(y)).result();
    Fusion.apply(graph, List.of(z));
    assertThat(graph.nodes()).hasSize(2);
  }
}
