package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.Write;
import org.lanewise.nn.TestRun;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** When values live in the same memory. */
class SharingTest {
  /** An op that cannot write in place. */
  private static final Op COPY = new LayoutOp.Pad(0, 0, 0, 0f);

  private static final Op RELU = new ActivationOp.Activate(Activation.RELU);
  private static final Op FLAT = new LayoutOp.Reshape(Shape.of(1000));
  private static final Op MATRIX = new LayoutOp.Reshape(Shape.of(50, 20));

  private final GraphBuilder graph = new GraphBuilder();
  private final Value x = graph.input("x", f32(20, 50));
  private int outputs;

  private Value add(Op op, Value... inputs) {
    return graph.add("", op, List.of(inputs)).result();
  }

  /** Adds an op that writes a value again. */
  private void addTo(Value value, Value input) {
    graph.add("", new ElementwiseOp.Scale(2f), List.of(input), List.of(value), List.of(Write.ADD));
  }

  private Placement place(Value... results) {
    for (Value result : results) {
      graph.output("output " + outputs++, result);
    }
    return Placement.of(graph.build(), Set.of());
  }

  private static Value owner(Placement placement, Value value) {
    return placement.owners().getOrDefault(value, value);
  }

  @Test
  void aChainOfViewsHasOnePlaceAndNoSteps() {
    Value h = add(COPY, x);
    Value flat = add(FLAT, h);
    Value matrix = add(MATRIX, flat);
    Value y = add(COPY, matrix);
    Placement placement = place(y);
    assertThat(owner(placement, flat)).isSameAs(h);
    assertThat(owner(placement, matrix)).isSameAs(h);
    assertThat(placement.steps()).hasSize(2);
    assertThat(placement.byteSize()).as("x and y have one place, h the other").isEqualTo(2 * 4032);
  }

  @Test
  void viewsLiveTogether() {
    Value h = add(COPY, x);
    Value flat = add(FLAT, h);
    Value other = add(COPY, h);
    Value y = add(COPY, flat);
    Placement placement = place(other, y);
    assertThat(owner(placement, flat)).isSameAs(h);
    assertThat(owner(placement, other)).isSameAs(other);
  }

  @Test
  void inputsAndParametersCanBeViewed() {
    Value weight = graph.parameter("weight", f32(20, 50));
    Value sum = add(new ElementwiseOp.Binary(BinaryFunction.ADD), add(FLAT, weight), add(FLAT, x));
    assertThat(place(sum).steps()).hasSize(1);
  }

  @Test
  void whatIsAddedIsNoView() {
    Value h = add(COPY, x);
    Value sum = add(COPY, add(FLAT, x));
    graph.add(
        "", new LayoutOp.Reshape(Shape.of(1000)), List.of(h), List.of(sum), List.of(Write.ADD));
    Placement placement = place(sum);
    assertThat(owner(placement, sum)).isSameAs(sum);
    assertThat(placement.steps()).hasSize(3);
  }

  @Test
  void copiesWhatIsOverwrittenWhileTheOtherIsNeeded() {
    Value h = add(COPY, x);
    Value flat = add(FLAT, h);
    addTo(flat, x(1000));
    assertThat(place(flat).steps()).as("h is not needed").hasSize(2);
    assertThat(place(h).steps()).as("h is read afterwards").hasSize(3);
  }

  private Value x(long size) {
    return graph.input("x" + size, f32(size));
  }

  @Test
  void copiesIfTheOperandIsOverwrittenWhileTheViewIsNeeded() {
    Value h = add(COPY, x);
    Value flat = add(FLAT, h);
    addTo(h, x);
    assertThat(place(flat).steps()).hasSize(3);
  }

  @Test
  void copiesIfAnotherViewIsOverwritten() {
    Value h = add(COPY, x);
    Value flat = add(FLAT, h);
    Value matrix = add(MATRIX, h);
    addTo(flat, x(1000));
    Placement placement = place(flat, matrix);
    assertThat(owner(placement, matrix)).isNotSameAs(owner(placement, flat));
  }

  @Test
  void anOpWritesInPlaceOfWhatIsNeededNoMore() {
    Value h = add(COPY, x);
    Value y = add(RELU, h);
    assertThat(owner(place(y), y)).isSameAs(h);
  }

  @Test
  void anOpWritesElsewhereIfItsOperandIsNeeded() {
    Value h = add(COPY, x);
    Value y = add(RELU, h);
    add(COPY, h);
    assertThat(owner(place(y, h), y)).isSameAs(y);
  }

  @Test
  void anOpWritesElsewhereIfItsOperandIsKept() {
    Value weight = graph.parameter("weight", f32(3));
    Value y = add(RELU, weight);
    assertThat(owner(place(y), y)).isSameAs(y);
  }

  @Test
  void anOpWritesElsewhereIfItReadsTheOperandTwice() {
    Value h = add(COPY, x);
    Value y = add(new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), h, h);
    assertThat(owner(place(y), y)).isSameAs(y);
  }

  @Test
  void anOpWritesElsewhereIfItMayNotWriteInPlace() {
    Value h = add(COPY, x);
    Value y = add(COPY, h);
    assertThat(owner(place(y), y)).isSameAs(y);
  }

  @Test
  void whatReplacesAStateIsWrittenInItsPlace() {
    Value state = graph.state("state", f32(3));
    Value next = add(RELU, state);
    graph.update(state, next);
    assertThat(owner(place(), next)).isSameAs(state);
  }

  @Test
  void whatReplacesAStateIsCopiedIfTheStateIsReadLater() {
    Value state = graph.state("state", f32(3));
    Value next = add(new ElementwiseOp.Scale(2f), state);
    Value later = add(new ElementwiseOp.Binary(BinaryFunction.ADD), next, state);
    graph.update(state, next);
    graph.output("later", later);
    assertThat(owner(place(), next)).isSameAs(next);
    try (TestRun run = new TestRun(graph.build(), "cpu")) {
      run.write(state, 1, 2, 3);
      run.run();
      run.run();
      assertThat(run.read(later)).containsExactly(6, 12, 18);
      assertThat(run.read(state)).containsExactly(4, 8, 12);
    }
  }

  @Test
  void nothingElseIsWrittenInPlaceOfAState() {
    Value state = graph.state("state", f32(1000));
    Value y = add(RELU, add(MATRIX, state));
    graph.update(state, add(COPY, x(1000)));
    assertThat(owner(place(y), y)).isSameAs(y);
  }

  @Test
  void aViewOfAStateThatIsReadAfterTheRunIsACopy() {
    Value state = graph.state("state", f32(1000));
    Value before = add(MATRIX, state);
    graph.update(state, add(COPY, x(1000)));
    assertThat(owner(place(before), before)).isSameAs(before);
  }

  @Test
  void aPlanWithSharedMemoryComputesTheSame() {
    Value h = add(RELU, x);
    Value flat = add(FLAT, h);
    Value y = add(new ElementwiseOp.Scale(3f), flat);
    addTo(flat, y);
    Value softmax = add(new SoftmaxOp.Softmax(-1), h);
    graph.output("flat", flat);
    graph.output("h", h);
    graph.output("softmax", softmax);
    double[] input = new double[1000];
    for (int i = 0; i < input.length; i++) {
      input[i] = i - 500;
    }
    try (TestRun run = new TestRun(graph.build(), "cpu")) {
      run.write(x, input);
      run.run();
      assertThat(run.read(h)[999]).isEqualTo(499f);
      assertThat(run.read(flat)[999]).isEqualTo(7 * 499f);
      assertThat(run.plan().operand(flat).type()).isEqualTo(f32(1000));
    }
  }
}
