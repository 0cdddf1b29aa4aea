package org.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.Constant.constant;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.layers.BatchNorm;
import org.lanewise.nn.layers.Layers;

/** The shapes of operations; what they compute is tested with the ops. */
class TensorTest {
  record Weights(Parameter weight, Parameter bias, Parameter positions, BatchNorm norm) {
    Weights() {
      this(
          Parameter.of(Init.zeros(), 5, 4),
          Parameter.of(Init.zeros(), 5),
          Parameter.of(Init.zeros(), 3, 4),
          Layers.batchNorm(3));
    }
  }

  private final Weights w = new Weights();

  private Graph trace(TensorType type, Function<Tensor, Tensor> function) {
    return Components.of(w)
        .trace(
            Mode.TRAIN,
            Signature.of("x", type),
            in -> Tensors.of("y", function.apply(in.get("x"))));
  }

  private void assertShape(TensorType type, Function<Tensor, Tensor> function, long... dimensions) {
    assertThat(trace(type, function).output("y").type().shape()).isEqualTo(Shape.of(dimensions));
  }

  private void assertShape(Function<Tensor, Tensor> function, long... dimensions) {
    assertShape(TensorType.f32(2, 3, 4), function, dimensions);
  }

  private void assertRefused(Function<Tensor, Tensor> function, String message) {
    assertRefused(TensorType.f32(2, 3, 4), function, message);
  }

  private void assertRefused(TensorType type, Function<Tensor, Tensor> function, String message) {
    assertThatThrownBy(() -> trace(type, function))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(message);
  }

  @Test
  void linearTakesAnyNumberOfAxes() {
    assertShape(x -> x.linear(w.weight, w.bias), 2, 3, 5);
    assertShape(x -> x.linear(w.weight), 2, 3, 5);
    assertShape(TensorType.f32(7, 4), x -> x.linear(w.weight, w.bias), 7, 5);
    assertRefused(TensorType.f32(2, 3, 5), x -> x.linear(w.weight, w.bias), "A is [2, 3, 5]");
  }

  @Test
  void matmulTakesMatricesForEachOrOneForAll() {
    assertShape(x -> x.matmul(x.transpose(1, 2)), 2, 3, 3);
    assertShape(x -> x.matmul(x.slice(0, 0, 1).reshape(4, 3)), 2, 3, 3);
    assertShape(TensorType.f32(3, 5), x -> x.matmul(w.weight), 3, 4);
    assertRefused(x -> x.matmul(x), "inner dimensions differ: A is [2, 3, 4], B is [2, 3, 4]");
    assertRefused(
        x -> x.matmul(x.transpose(1, 2).slice(0, 0, 1)),
        "leading axes differ: A is [2, 3, 4], B is [1, 4, 3]");
    assertRefused(TensorType.f32(5), x -> x.matmul(w.weight), "A must have at least 2 dimensions");
  }

  @Test
  void functionsOfTwoTensorsKeepTheFirstShape() {
    assertShape(x -> x.add(w.positions).sub(x).mul(w.positions).mul(2f), 2, 3, 4);
    assertShape(x -> x.div(x.mean()).maximum(x).minimum(x), 2, 3, 4);
    assertRefused(x -> x.add(w.bias), "y is f32[5], which does not fill x f32[2, 3, 4]");
  }

  @Test
  void comparisonsAndChoices() {
    assertShape(x -> x.lessThan(w.positions).mul(x.equalTo(x)), 2, 3, 4);
    assertShape(x -> x.clamp(-1f, 1f), 2, 3, 4);
    assertShape(x -> Tensor.where(x.greaterThan(constant(0f)), x, constant(-1f)), 2, 3, 4);
    assertShape(x -> Tensor.where(x.mean(0).lessOrEqual(w.positions), constant(2f), x), 2, 3, 4);
    assertRefused(
        x -> Tensor.where(x, w.bias, x),
        "the condition is f32[2, 3, 4], x is f32[5] and y is f32[2, 3, 4], none of which the others"
            + " fill");
    assertThatThrownBy(() -> trace(TensorType.f32(2), x -> x.clamp(1f, 0f)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("low must be at most high but is 1.0, 0.0");
  }

  @Test
  void aConstantIsOneValueWhereverItIsUsed() {
    Constant two = constant(2f);
    Constant row = constant(HostTensor.of(new float[] {1, 2, 3, 4}, 4));
    Graph graph = trace(TensorType.f32(3, 4), x -> x.add(two).mul(two).sub(row));
    assertThat(graph.constants().keySet().stream().map(Value::type))
        .containsExactly(TensorType.f32(), TensorType.f32(4));
  }

  @Test
  void refusesATensorOfAnotherTrace() {
    Tensor[] kept = new Tensor[1];
    trace(TensorType.f32(2), x -> kept[0] = x);
    assertThatThrownBy(() -> trace(TensorType.f32(2), x -> x.add(kept[0])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of another trace");
  }

  @Test
  void reductionsLeaveOutAxes() {
    assertShape(Tensor::sum);
    assertShape(Tensor::mean);
    assertShape(x -> x.sum(-1), 2, 3);
    assertShape(x -> x.mean(0), 3, 4);
    assertShape(x -> x.mean(2, 1), 2);
    assertShape(x -> x.sum(0, 1, 2));
    assertRefused(x -> x.sum(1), "Sum");
    assertRefused(x -> x.sum(3), "axis 3 is none of tensor f32[2, 3, 4]");
  }

  @Test
  void embeddingAppendsTheColumns() {
    assertShape(TensorType.i32(2, 3), x -> x.embedding(w.weight), 2, 3, 4);
    assertRefused(x -> x.embedding(w.weight), "indices must be i32");
  }

  @Test
  void layouts() {
    assertShape(x -> x.permute(2, 0, -2), 4, 2, 3);
    assertShape(x -> x.transpose(0, -1), 4, 3, 2);
    assertShape(x -> x.transpose(1, 1), 2, 3, 4);
    assertShape(x -> x.concat(1, x, x), 2, 9, 4);
    assertShape(x -> x.slice(-1, 1, 3), 2, 3, 2);
    assertShape(x -> x.pad(0, 1, 2).pad(1, 0, 3, -1f), 5, 6, 4);
    assertShape(Tensor::flatten, 2, 12);
  }

  @Test
  void reshapeInfersOneLength() {
    assertShape(x -> x.reshape(6, 4), 6, 4);
    assertShape(x -> x.reshape(2, -1), 2, 12);
    assertShape(x -> x.reshape(-1), 24);
    assertRefused(x -> x.reshape(5, -1), "no length fits for -1 in [5, -1]");
    assertRefused(x -> x.reshape(-1, -1), "one dimension may be -1");
    assertRefused(x -> x.reshape(5, 5), "24 elements");
  }

  @Test
  void theSameShapeIsNoOp() {
    assertThat(trace(TensorType.f32(2, 3, 4), x -> x.reshape(2, 3, 4)).nodes())
        .noneMatch(node -> node.op() instanceof LayoutOp);
  }

  @Test
  void aStateThatIsReplacedIsReadAsWhatItBecame() {
    Graph graph = trace(TensorType.f32(2, 3), x -> w.norm.forward(w.norm.forward(x)));
    Node first = graph.nodes().getFirst();
    Node second = graph.nodes().getLast();
    Value mean = graph.states().get("norm.running_mean");
    assertThat(first.input(3)).isSameAs(mean);
    assertThat(second.input(3)).isSameAs(first.output(3));
    assertThat(graph.updates()).hasSize(2).containsEntry(mean, second.output(3));
  }

  @Test
  void dropoutIsForTraining() {
    Graph training = trace(TensorType.f32(9), x -> x.dropout(0.5f).dropout(0.5f).dropout(0f));
    assertThat(training.nodes()).hasSize(2);
    assertThat(training.inputs()).containsKey(RunInputs.DROPOUT_SEED);
    assertThat(training.nodes().get(0).op()).isNotEqualTo(training.nodes().get(1).op());
    Graph evaluation =
        Components.of(w)
            .trace(
                Mode.EVALUATE,
                Signature.of("x", TensorType.f32(9)),
                in -> Tensors.of("y", in.get("x").dropout(0.5f)));
    assertThat(evaluation.nodes()).isEmpty();
    assertThatThrownBy(() -> trace(TensorType.f32(9), x -> x.dropout(1f)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.0");
  }

  @Test
  void elementsAreConvertedWhereThatIsDefined() {
    TensorType bytes = TensorType.u8(2, 3);
    assertThat(trace(bytes, Tensor::toF32).output("y").type()).isEqualTo(TensorType.f32(2, 3));
    assertThat(trace(bytes, x -> x.convert(DType.U8)).nodes()).as("it has that type").isEmpty();
    assertRefused(bytes, x -> x.convert(DType.F16), "tensor u8[2, 3] cannot be converted to f16");
    assertRefused(bytes, Tensor::relu, "x must be f32 but is u8[2, 3]");
    assertRefused(TensorType.f32(2), x -> x.convert(DType.I32), "cannot be converted to i32");
  }
}
