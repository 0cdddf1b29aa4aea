package org.lanewise.kernels.backend;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.cpu.CpuBackend;
import org.lanewise.kernels.backend.scalar.ScalarBackend;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.op.UpdateOp;

/** Runs every op of the vocabulary on every backend; the scalar one says what is right. */
class OpTest {
  /** One op on inputs of the given types; labels are in 0..{@code classes}−1. */
  record Case(Op op, int classes, List<TensorType> inputs) {
    @Override
    public String toString() {
      return op + " of " + inputs;
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Transpose transA : Transpose.values()) {
      for (Transpose transB : Transpose.values()) {
        for (Epilogue epilogue :
            List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RELU, Epilogue.BIAS_RELU)) {
          for (boolean accumulate : new boolean[] {false, true}) {
            ProductOp.Gemm op = new ProductOp.Gemm(transA, transB, 0.5f, accumulate, epilogue);
            cases.add(new Case(op, 0, gemmInputs(op, 67, 70, 41)));
          }
        }
      }
    }
    for (long size : new long[] {0, 1, 15, 17, 1000, 100_003}) {
      for (Activation function : Activation.values()) {
        cases.add(new Case(new ActivationOp.Activate(function), 0, List.of(f32(size))));
        for (boolean accumulate : new boolean[] {false, true}) {
          Op op = new ActivationOp.ActivateBackward(function, accumulate);
          cases.add(new Case(op, 0, List.of(f32(size), f32(size))));
        }
      }
      for (Op op :
          new Op[] {
            new UpdateOp.Sgd(0, false, 0),
            new UpdateOp.Sgd(0.9, false, 0.01),
            new UpdateOp.Sgd(0.9, true, 0),
            new UpdateOp.RmsProp(0.99, 1e-8, 0.01),
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.01, false),
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.01, true)
          }) {
        cases.add(new Case(op, 0, List.of(f32(size), StepScalars.TYPE)));
      }
    }
    for (long[] size : new long[][] {{1, 1}, {3, 10}, {128, 10}, {17, 33}, {300, 1000}}) {
      TensorType matrix = f32(size);
      TensorType labels = i32(size[0]);
      int classes = (int) size[1];
      for (boolean accumulate : new boolean[] {false, true}) {
        cases.add(new Case(new ReductionOp.ColumnSums(accumulate), 0, List.of(matrix)));
      }
      cases.add(new Case(new LossOp.SoftmaxCrossEntropy(), classes, List.of(matrix, labels)));
      cases.add(
          new Case(
              new LossOp.SoftmaxCrossEntropyBackward(),
              classes,
              List.of(matrix, labels, f32(size[0]))));
      cases.add(new Case(new LossOp.MeanSquaredError(), 0, List.of(matrix, matrix)));
      cases.add(new Case(new LossOp.MeanSquaredErrorBackward(), 0, List.of(matrix, matrix)));
    }
    return cases.stream();
  }

  private static List<TensorType> gemmInputs(ProductOp.Gemm op, long m, long n, long k) {
    List<TensorType> inputs = new ArrayList<>();
    inputs.add(op.transA() == Transpose.NO ? f32(m, k) : f32(k, m));
    inputs.add(op.transB() == Transpose.NO ? f32(k, n) : f32(n, k));
    if (op.epilogue().hasBias()) {
      inputs.add(f32(n));
    }
    return inputs;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheSameBitsOnEveryBackend(Case c) {
    List<float[]> expected;
    try (Backend scalar = new ScalarBackend()) {
      expected = new Bound(scalar, c).run();
    }
    for (int threads : new int[] {1, 2, 5}) {
      try (Backend cpu = new CpuBackend(threads)) {
        List<float[]> actual = new Bound(cpu, c).run();
        for (int i = 0; i < expected.size(); i++) {
          assertThat(actual.get(i))
              .as("output %d of %s with %d threads", i, c, threads)
              .isEqualTo(expected.get(i));
        }
      }
    }
  }

  @Test
  void coversTheVocabulary() {
    Set<String> vocabulary =
        Stream.of(Op.Forward.class, Op.Backward.class, UpdateOp.class)
            .flatMap(group -> Arrays.stream(group.getPermittedSubclasses()))
            .map(Class::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> covered =
        cases().map(c -> c.op.name()).collect(Collectors.toCollection(TreeSet::new));
    assertThat(covered).isEqualTo(vocabulary);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void refusesLabelsOutOfRange(Backend backend) {
    try (backend) {
      Case c = new Case(new LossOp.SoftmaxCrossEntropy(), 3, List.of(f32(4, 3), i32(4)));
      Bound bound = new Bound(backend, c);
      for (int label : new int[] {-1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        bound.setLabel(2, label);
        assertThatThrownBy(bound.step::run)
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessageContaining("row 2")
            .hasMessageContaining(Integer.toString(label))
            .hasMessageContaining("3 classes");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void refusesWorkAfterClose(Backend backend) {
    Case c = new Case(new ActivationOp.Activate(Activation.RELU), 0, List.of(f32(100)));
    Bound bound = new Bound(backend, c);
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

  /** An op bound to operands with reproducible contents. */
  static final class Bound {
    final Step step;
    private final List<Operand> inputs;
    private final List<Operand> outputs;

    Bound(Backend backend, Case c) {
      SplittableRandom random = new SplittableRandom(c.toString().hashCode());
      inputs =
          c.inputs.stream().map(type -> filled(backend, type, -3f, c.classes, random)).toList();
      outputs = // moments, which are read, are not negative
          ShapeRule.outputs(c.op, c.inputs).stream()
              .map(type -> filled(backend, type, 0f, c.classes, random))
              .toList();
      step = backend.bind(c.op, inputs, outputs);
    }

    private static Operand filled(
        Backend backend, TensorType type, float low, int classes, SplittableRandom random) {
      Operand operand = new Operand(backend.allocate(type.byteSize() + 4), 4, type);
      try (Arena arena = Arena.ofShared()) {
        MemorySegment values = arena.allocate(type.byteSize(), 4);
        for (long i = 0; i < type.shape().size(); i++) {
          if (type.dtype() == DType.I32) {
            values.setAtIndex(JAVA_INT, i, random.nextInt(classes));
          } else {
            values.setAtIndex(JAVA_FLOAT, i, low + random.nextFloat() * (3f - low));
          }
        }
        operand.buffer().write(4, values, 0, type.byteSize());
      }
      return operand;
    }

    void setLabel(int row, int label) {
      try (Arena arena = Arena.ofShared()) {
        Operand labels = inputs.get(1);
        labels
            .buffer()
            .write(labels.offset() + 4L * row, arena.allocateFrom(JAVA_INT, label), 0, 4);
      }
    }

    List<float[]> run() {
      step.run();
      try (Arena arena = Arena.ofShared()) {
        return outputs.stream()
            .map(output -> {
              MemorySegment values = arena.allocate(output.type().byteSize(), 4);
              output.buffer().read(output.offset(), values, 0, values.byteSize());
              return values.toArray(JAVA_FLOAT);
            })
            .toList();
      }
    }
  }
}
