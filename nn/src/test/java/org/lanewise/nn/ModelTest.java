package org.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.Layers.linear;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;

class ModelTest {
  record Block(Linear first, Linear second) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return second.forward(first.forward(x).tanh());
    }
  }

  record Deep(List<Block> blocks, Linear head, int unused, Parameter scale) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      Tensor y = x;
      for (Block block : blocks) {
        y = block.forward(y);
      }
      return head.forward(y);
    }
  }

  @Test
  void namesParametersByTheirPath() {
    Linear shared = linear(2, 2);
    Parameter scale = Parameter.of(Init.zeros(), 1);
    Deep model =
        new Deep(
            List.of(new Block(shared, linear(2, 2)), new Block(shared, linear(2, 2))),
            linear(2, 3),
            7,
            scale);
    assertThat(Parameters.of(model).keySet())
        .containsExactly(
            "blocks.0.first.weight",
            "blocks.0.first.bias",
            "blocks.0.second.weight",
            "blocks.0.second.bias",
            "blocks.1.second.weight",
            "blocks.1.second.bias",
            "head.weight",
            "head.bias",
            "scale");
    assertThat(Parameters.count(Parameters.of(model))).isEqualTo(3 * 6 + 9 + 1);
  }

  @Test
  void refusesAModelThatIsNoRecord() {
    assertThatThrownBy(() -> Parameters.of(x -> x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("record");
  }

  record Stray(Linear layer) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return linear(2, 2).forward(x);
    }
  }

  @Test
  void refusesAParameterOutsideTheModel() {
    Stray model = new Stray(linear(2, 2));
    assertThatThrownBy(() ->
            TracedModel.of(
                model, Parameters.of(model), TensorType.f32(1, 2), Loss.MEAN_SQUARED_ERROR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a component of the model");
  }

  @Test
  void aShapeMismatchNamesBothShapesAndTheModelsLine() {
    var model = new org.lanewise.example.Mismatched(linear(784, 512), linear(500, 10));
    assertThatThrownBy(() ->
            TracedModel.of(
                model, Parameters.of(model), TensorType.f32(128, 784), Loss.CROSS_ENTROPY))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[128, 512]")
        .hasMessageContaining("second.weight f32[10, 500]")
        .hasMessageContaining("Mismatched.java:13");
  }
}
