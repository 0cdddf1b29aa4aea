package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Shape;

/** When a change of shape is no copy. */
class ViewsTest {
  private static final Op RELU = new ActivationOp.Activate(Activation.RELU);
  private static final Op FLAT = new LayoutOp.Reshape(Shape.of(1000), false);
  private static final Op MATRIX = new LayoutOp.Reshape(Shape.of(50, 20), false);

  private final Graph graph = new Graph();
  private final Value x = graph.input("x", f32(20, 50));

  private Value add(Op op, Value input) {
    return graph.add(op, List.of(input)).result();
  }

  /** Adds an op that writes a value again. */
  private void addTo(Value value, Value input) {
    graph.add(new ElementwiseOp.Scale(2f, true), List.of(input), List.of(value));
  }

  private ArenaLayout layout(Value... results) {
    return ArenaLayout.of(graph.nodes(), List.of(x), List.of(results));
  }

  @Test
  void aChainOfViewsHasOnePlaceAndNoSteps() {
    Value h = add(RELU, x);
    Value flat = add(FLAT, h);
    Value matrix = add(MATRIX, flat);
    Value y = add(RELU, matrix);
    ArenaLayout layout = layout(y);
    assertThat(layout.offsets().get(flat)).isEqualTo(layout.offsets().get(h));
    assertThat(layout.offsets().get(matrix)).isEqualTo(layout.offsets().get(h));
    assertThat(layout.steps()).hasSize(2);
    assertThat(layout.byteSize()).as("x and y have one place, h the other").isEqualTo(2 * 4032);
  }

  @Test
  void viewsLiveTogether() {
    Value h = add(RELU, x);
    Value flat = add(FLAT, h);
    Value other = add(RELU, h);
    Value y = add(RELU, flat);
    ArenaLayout layout = layout(other, y);
    assertThat(layout.offsets().get(flat)).isEqualTo(layout.offsets().get(h));
    assertThat(layout.offsets().get(other)).isNotEqualTo(layout.offsets().get(h));
  }

  @Test
  void inputsAreCopied() {
    Value flat = add(FLAT, x);
    assertThat(layout(flat).offsets().get(flat)).isNotEqualTo(layout(flat).offsets().get(x));
    assertThat(layout(flat).steps()).hasSize(1);
  }

  @Test
  void whatIsAddedIsNoView() {
    Value h = add(RELU, x);
    Value sum = add(RELU, add(FLAT, x));
    graph.add(new LayoutOp.Reshape(Shape.of(1000), true), List.of(h), List.of(sum));
    ArenaLayout layout = layout(sum);
    assertThat(layout.offsets().get(sum)).isNotEqualTo(layout.offsets().get(h));
    assertThat(layout.steps()).hasSize(4);
  }

  @Test
  void copiesWhatIsOverwrittenWhileTheOtherIsNeeded() {
    Value h = add(RELU, x);
    Value flat = add(FLAT, h);
    addTo(flat, flat);
    assertThat(layout(flat, h).steps()).as("h is read afterwards").hasSize(3);
    assertThat(layout(flat).steps()).as("h is not needed").hasSize(2);
  }

  @Test
  void copiesIfTheOperandIsOverwrittenWhileTheViewIsNeeded() {
    Value h = add(RELU, x);
    Value flat = add(FLAT, h);
    addTo(h, h);
    assertThat(layout(flat).steps()).hasSize(3);
  }

  @Test
  void copiesIfAnotherViewIsOverwritten() {
    Value h = add(RELU, x);
    Value flat = add(FLAT, h);
    Value matrix = add(MATRIX, h);
    addTo(flat, flat);
    ArenaLayout layout = layout(flat, matrix);
    assertThat(layout.offsets().get(matrix)).isNotEqualTo(layout.offsets().get(flat));
  }

  @Test
  void aPlanWithViewsComputesTheSame() {
    Value h = add(RELU, x);
    Value flat = add(FLAT, h);
    Value y = add(new ElementwiseOp.Scale(3f, false), flat);
    addTo(flat, y);
    double[] input = new double[1000];
    for (int i = 0; i < input.length; i++) {
      input[i] = i - 500;
    }
    try (Backend backend = Backends.open("cpu", 1)) {
      Plan plan = Plan.bind(backend, graph.nodes(), List.of(x), List.of(flat, h), Map.of());
      Operands.write(plan.operand(x), input);
      plan.run();
      assertThat(Operands.read(plan.operand(h))[999]).isEqualTo(499f);
      assertThat(Operands.read(plan.operand(flat))[999]).isEqualTo(7 * 499f);
      assertThat(plan.operand(flat).type()).isEqualTo(f32(1000));
    }
  }
}
