package org.lanewise.nn.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Components;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.graph.Graph;

/** The layer's names and what it is traced to; what that computes is tested with the op. */
class GroupNormTest {
  record Model(GroupNorm norm) {}

  private final Model model = new Model(GroupNorm.of(3, 6));

  private Graph trace(Mode mode, TensorType type) {
    return Components.of(model)
        .trace(
            mode, Signature.of("x", type), in -> Tensors.of("y", model.norm.forward(in.get("x"))));
  }

  @Test
  void hasTheNamesOfPyTorch() {
    assertThat(Components.of(model).parameters().keySet())
        .containsExactly("norm.weight", "norm.bias");
    assertThat(Components.of(model).states()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void isTheSameOpInAllModes(Mode mode) {
    Graph graph = trace(mode, f32(2, 6, 5, 5));
    assertThat(graph.nodes()).hasSize(1);
    assertThat(graph.nodes().getFirst().op()).isEqualTo(new NormOp.GroupNorm(3, 1e-5f));
    assertThat(graph.output("y").type()).isEqualTo(f32(2, 6, 5, 5));
  }

  @Test
  void refusesChannelsThatTheGroupsDoNotDivide() {
    assertThatThrownBy(() -> trace(Mode.TRAIN, f32(2, 4, 5)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("3 groups do not divide the 4 channels of x f32[2, 4, 5]")
        .hasMessageContaining("in layer norm");
  }
}
