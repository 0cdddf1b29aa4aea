package org.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.layers.Layers.linear;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.lanewise.example.Mismatched;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.layers.Linear;

class ComponentsTest {
  record Block(Linear first, @Name("LayerNorm") Linear second) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return second.forward(first.forward(x).tanh());
    }
  }

  record Deep(List<Block> blocks, Linear head, int unused, Parameter scale, State mean) {}

  @Test
  void namesParametersAndStatesByTheirPath() {
    Linear shared = linear(2, 2);
    Deep model =
        new Deep(
            List.of(new Block(shared, linear(2, 2)), new Block(shared, linear(2, 2))),
            linear(2, 3),
            7,
            Parameter.of(Init.zeros(), 1),
            State.of(Init.zeros(), 1));
    Components components = Components.of(model);
    assertThat(components.parameters().keySet())
        .containsExactly(
            "blocks.0.first.weight",
            "blocks.0.first.bias",
            "blocks.0.LayerNorm.weight",
            "blocks.0.LayerNorm.bias",
            "blocks.1.LayerNorm.weight",
            "blocks.1.LayerNorm.bias",
            "head.weight",
            "head.bias",
            "scale");
    assertThat(components.states().keySet()).containsExactly("mean");
  }

  record Named(@Name("") Map<String, Parameter> parameters, Map<String, Linear> heads) {}

  @Test
  void namesWhatIsInMapsByItsKeys() {
    SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    parameters.put("weight_l0", Parameter.of(Init.zeros(), 1));
    parameters.put("weight_l1", Parameter.of(Init.zeros(), 1));
    Named model = new Named(parameters, Map.of("left", linear(2, 2)));
    assertThat(Components.of(model).parameters().keySet())
        .containsExactly("weight_l0", "weight_l1", "heads.left.weight", "heads.left.bias");
  }

  record Twice(@Name("b") Parameter a, Parameter b) {}

  @Test
  void refusesTwoComponentsOfOneName() {
    Twice model = new Twice(Parameter.of(Init.zeros(), 1), Parameter.of(Init.zeros(), 1));
    assertThatThrownBy(() -> Components.of(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two components are called 'b'");
  }

  record Stray(Linear layer) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return linear(2, 2).forward(x);
    }
  }

  private static <M extends Record & Layer> Graph trace(M model, Mode mode, TensorType x) {
    return Components.of(model)
        .trace(mode, Signature.of("x", x), in -> Tensors.of("y", model.forward(in.get("x"))));
  }

  @Test
  void refusesAParameterOutsideTheModel() {
    assertThatThrownBy(() -> trace(new Stray(linear(2, 2)), Mode.TRAIN, TensorType.f32(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a component of the model");
  }

  @Test
  void aShapeMismatchNamesBothShapesTheLayerAndTheModelsLine() {
    Mismatched model = new Mismatched(linear(784, 512), linear(500, 10));
    assertThatThrownBy(() -> trace(model, Mode.TRAIN, TensorType.f32(128, 784)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[128, 512]")
        .hasMessageContaining("second.weight f32[10, 500]")
        .hasMessageContaining("in layer second")
        .hasMessageContaining("Mismatched.java:13");
  }

  record Dropping(Linear first, Linear second) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return second.forward(first.forward(x).dropout(0.5f)).dropout(0.5f);
    }
  }

  record DroppingMore(Linear inserted, Linear first, Linear second) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      Tensor h = first.forward(inserted.forward(x).dropout(0.1f)).dropout(0.5f);
      return second.forward(h).dropout(0.5f);
    }
  }

  @Test
  void aNewLayerLeavesTheOthersRandomNumbersAlone() {
    TensorType x = TensorType.f32(3, 2);
    List<Op> two = dropouts(trace(new Dropping(linear(2, 2), linear(2, 2)), Mode.TRAIN, x));
    DroppingMore more = new DroppingMore(linear(2, 2), linear(2, 2), linear(2, 2));
    List<Op> three = dropouts(trace(more, Mode.TRAIN, x));
    assertThat(three).hasSize(3).endsWith(two.toArray(Op[]::new));
  }

  private static List<Op> dropouts(Graph graph) {
    return graph.nodes().stream().map(Node::op).filter(DropoutOp.class::isInstance).toList();
  }
}
