package org.lanewise.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.cpu.CpuBackend;
import org.lanewise.kernels.backend.scalar.ScalarBackend;
import org.lanewise.kernels.cases.BoundOp;
import org.lanewise.kernels.cases.OpCase;
import org.lanewise.kernels.cases.OpCases;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/** Runs every op of the vocabulary on every backend; the scalar one says what is right. */
class OpTest {
  static Stream<OpCase> cases() {
    return OpCases.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheSameBitsOnEveryBackend(OpCase c) {
    List<float[]> expected;
    try (Backend scalar = new ScalarBackend()) {
      expected = new BoundOp(scalar, c).run();
    }
    for (int threads : new int[] {1, 2, 5}) {
      try (Backend cpu = new CpuBackend(threads)) {
        List<float[]> actual = new BoundOp(cpu, c).run();
        for (int i = 0; i < expected.size(); i++) {
          assertThat(actual.get(i))
              .as("operand %d of %s with %d threads", i, c, threads)
              .isEqualTo(expected.get(i));
        }
      }
    }
  }

  @Test
  void coversTheVocabulary() {
    Set<String> vocabulary =
        records(Op.class).map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
    Set<String> covered =
        cases().map(c -> c.op().name()).collect(Collectors.toCollection(TreeSet::new));
    assertThat(covered).isEqualTo(vocabulary);
  }

  private static Stream<Class<?>> records(Class<?> ops) {
    return ops.isSealed()
        ? Arrays.stream(ops.getPermittedSubclasses()).flatMap(OpTest::records)
        : Stream.<Class<?>>of(ops).filter(Class::isRecord);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void refusesPositionsOutOfRange(Backend backend) {
    try (backend) {
      AttentionForm form = AttentionForm.of(2).withPosition();
      refusesPositionsOutOfRange(
          backend, new AttentionOp.Attention(form), f32(3, 2, 4), f32(3, 6, 4), f32(3, 6, 4));
      refusesPositionsOutOfRange(backend, new LayoutOp.WriteAt(), f32(3, 6, 4), f32(3, 2, 4));
    }
  }

  private static void refusesPositionsOutOfRange(Backend backend, Op op, TensorType... tensors) {
    List<TensorType> inputs = Stream.concat(Stream.of(tensors), Stream.of(i32(3))).toList();
    BoundOp bound = new BoundOp(backend, new OpCase(op, 5, inputs));
    for (int position : new int[] {-1, 5, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      bound.set(tensors.length, 1, position);
      assertThatThrownBy(bound.step::run)
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("position %d of sample 1 is none of the 5 at which the rows fit", position);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void refusesLabelsOutOfRange(Backend backend) {
    try (backend) {
      refusesLabelsOutOfRange(backend, new LossOp.SoftmaxCrossEntropy(), f32(4, 3), i32(4));
      OptionalInt nothing = OptionalInt.empty();
      OptionalInt ignored = OptionalInt.of(-100);
      refusesLabelsOutOfRange(
          backend, new LossOp.SoftmaxCrossEntropy(Reduction.SUM, nothing, 0.1f), f32(4, 3), i32(4));
      refusesLabelsOutOfRange(
          backend, new LossOp.SoftmaxCrossEntropyOfRows(nothing, 0f), f32(4, 3), i32(4));
      refusesLabelsOutOfRange(
          backend, new LossOp.SoftmaxCrossEntropyOfRows(ignored, 0f), f32(4, 3), i32(4));
      refusesLabelsOutOfRange(
          backend, new LossOp.SoftmaxCrossEntropy(Reduction.MEAN, ignored, 0f), f32(4, 3), i32(4));
      refusesLabelsOutOfRange(
          backend,
          new LossOp.SoftmaxCrossEntropyBackward(Reduction.SUM, nothing, 0.1f),
          f32(4, 3),
          i32(4),
          f32(4, 2));
    }
  }

  private static void refusesLabelsOutOfRange(Backend backend, Op op, TensorType... inputs) {
    BoundOp bound = new BoundOp(backend, new OpCase(op, 3, List.of(inputs)));
    for (int label : new int[] {-1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      bound.setLabel(2, label);
      assertThatThrownBy(bound.step::run)
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("row 2")
          .hasMessageContaining(Integer.toString(label))
          .hasMessageContaining("3 classes");
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void refusesLengthsOutOfRange(Backend backend) {
    try (backend) {
      Op op = new RecurrentOp.Gru(false, false, true);
      OpCase c = new OpCase(op, 5, List.of(f32(3, 4, 6), f32(6, 2), f32(6), i32(3)));
      BoundOp bound = new BoundOp(backend, c);
      for (int length : new int[] {-1, 5, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        bound.set(3, 1, length);
        assertThatThrownBy(bound.step::run)
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessage("length %d of row 1 must be at least 0 and less than 5".formatted(length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void refusesWorkAfterClose(Backend backend) {
    OpCase c = new OpCase(new ActivationOp.Activate(Activation.RELU), 0, List.of(f32(100)));
    BoundOp bound = new BoundOp(backend, c);
    backend.close();
    backend.close();
    assertThatThrownBy(bound.step::run).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> backend.allocate(4)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesOperandsOfAnotherBackend() {
    try (Backend one = new CpuBackend(1);
        Backend other = new CpuBackend(1)) {
      Operand mine = new Operand(one.allocate(16), 0, f32(4));
      Operand foreign = new Operand(other.allocate(16), 0, f32(4));
      assertThatThrownBy(() ->
              one.bind(new ActivationOp.Activate(Activation.RELU), List.of(mine), List.of(foreign)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not in a buffer of the backend 'cpu'");
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void refusesToAddToWhatCannotBeAddedTo(Backend backend) {
    try (backend) {
      OpCase c = new OpCase(new SoftmaxOp.Softmax(-1), 0, List.of(f32(4, 3)), List.of(Write.ADD));
      assertThatThrownBy(() -> new BoundOp(backend, c))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Softmax: y f32[4, 3] cannot be added to");
    }
  }

  @Test
  void refusesOperandsOutsideTheirBuffer() {
    try (Backend cpu = new CpuBackend(1)) {
      Buffer buffer = cpu.allocate(16);
      assertThatThrownBy(() -> new Operand(buffer, 4, f32(4)))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> new Operand(buffer, 2, f32(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("multiple of 4");
      assertThatThrownBy(() -> cpu.allocate(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("-1");
    }
  }

  @Test
  void findsBackendsByName() {
    assertThat(Backends.names()).contains("cpu", "scalar");
    try (Backend cpu = Backends.open("cpu", 2)) {
      assertThat(cpu.name()).isEqualTo("cpu");
      assertThat(cpu.description()).contains("2 threads");
    }
    assertThatThrownBy(() -> Backends.open("gpu", 1))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("gpu")
        .hasMessageContaining("cpu, scalar");
    assertThatThrownBy(() -> Backends.open("cpu:1", 1))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("cpu:1");
  }

  static Stream<Backend> backends() {
    return Stream.of(new ScalarBackend(), new CpuBackend(2));
  }
}
