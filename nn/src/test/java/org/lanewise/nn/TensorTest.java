package org.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.plan.Node;

/** The shapes of operations; what they compute is tested with the ops. */
class TensorTest {
  private final Parameter weight = Parameter.of(Init.zeros(), 5, 4);
  private final Parameter bias = Parameter.of(Init.zeros(), 5);
  private final Parameter positions = Parameter.of(Init.zeros(), 3, 4);
  private final Trace trace = new Trace(named());
  private final Tensor x = input(TensorType.f32(2, 3, 4));

  private Map<String, Parameter> named() {
    Map<String, Parameter> named = new LinkedHashMap<>();
    named.put("weight", weight);
    named.put("bias", bias);
    named.put("positions", positions);
    return named;
  }

  private Tensor input(TensorType type) {
    return new Tensor(trace, trace.graph().input("x", type));
  }

  private static void assertShape(Tensor tensor, long... dimensions) {
    assertThat(tensor.shape()).isEqualTo(Shape.of(dimensions));
  }

  @Test
  void linearTakesAnyNumberOfAxes() {
    assertShape(x.linear(weight, bias), 2, 3, 5);
    assertShape(input(TensorType.f32(7, 4)).linear(weight, bias), 7, 5);
    assertThatThrownBy(() -> input(TensorType.f32(2, 3, 5)).linear(weight, bias))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("A is [6, 5]");
  }

  @Test
  void functionsOfTwoTensorsKeepTheFirstShape() {
    assertShape(x.add(positions).sub(x).mul(positions).mul(2f), 2, 3, 4);
    assertShape(x.div(x.mean()).maximum(x).minimum(x), 2, 3, 4);
    assertThatThrownBy(() -> x.add(bias))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("y is f32[5], which does not fill x f32[2, 3, 4]");
  }

  @Test
  void refusesATensorOfAnotherModel() {
    Tensor other = new TensorTest().x;
    assertThatThrownBy(() -> x.add(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another model");
  }

  @Test
  void reductionsLeaveOutAxes() {
    assertShape(x.sum());
    assertShape(x.mean());
    assertShape(x.sum(-1), 2, 3);
    assertShape(x.mean(0), 3, 4);
    assertShape(x.mean(2, 1), 2);
    assertShape(x.sum(0, 1, 2));
    assertThatThrownBy(() -> x.sum(1)).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> x.sum(3))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("axis 3 is none of tensor f32[2, 3, 4]");
  }

  @Test
  void embeddingAppendsTheColumns() {
    assertShape(input(TensorType.i32(2, 3)).embedding(weight), 2, 3, 4);
    assertThatThrownBy(() -> x.embedding(weight))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("indices must be i32");
  }

  @Test
  void layouts() {
    assertShape(x.permute(2, 0, -2), 4, 2, 3);
    assertShape(x.transpose(0, -1), 4, 3, 2);
    assertShape(x.transpose(1, 1), 2, 3, 4);
    assertShape(x.concat(1, x, x), 2, 9, 4);
    assertShape(x.slice(-1, 1, 3), 2, 3, 2);
    assertShape(x.pad(0, 1, 2).pad(1, 0, 3, -1f), 5, 6, 4);
  }

  @Test
  void reshapeInfersOneLength() {
    assertShape(x.reshape(6, 4), 6, 4);
    assertShape(x.reshape(2, -1), 2, 12);
    assertShape(x.reshape(-1), 24);
    assertThatThrownBy(() -> x.reshape(5, -1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("no length fits for -1 in [5, -1]");
    assertThatThrownBy(() -> x.reshape(-1, -1))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("one dimension may be -1");
    assertThatThrownBy(() -> x.reshape(5, 5))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("24 elements");
  }

  @Test
  void theSameShapeIsNoOp() {
    x.reshape(2, 3, 4);
    assertThat(trace.graph().nodes().stream().map(Node::op).filter(LayoutOp.class::isInstance))
        .isEmpty();
  }
}
