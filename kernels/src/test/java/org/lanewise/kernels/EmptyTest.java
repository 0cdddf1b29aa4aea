package org.lanewise.kernels;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.lanewise.kernels.op.TensorType.f32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.cpu.CpuBackend;
import org.lanewise.kernels.backend.scalar.ScalarBackend;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.op.RecurrentShape;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;

/** Tensors without elements are done with at once, whatever their sizes are. */
class EmptyTest {
  private static final long MANY = 1L << 61;
  private static final int MOST = Integer.MAX_VALUE;
  private static final MemorySegment S = Arena.global().allocate(64);
  private static final MemorySegment T = Arena.global().allocate(64);
  private static final MemorySegment U = Arena.global().allocate(64);
  private static final MemorySegment V = Arena.global().allocate(64);
  private static final float[] A = new float[16];
  private static final float[] B = new float[16];

  private static Named<Runnable> call(String name, Runnable call) {
    return Named.of(name, call);
  }

  static List<Named<Runnable>> calls() {
    return List.of(
        call("softmax", () -> Softmax.softmax(MANY, 0, S, S)),
        call("logSoftmax", () -> Softmax.logSoftmax(MANY, 0, S, S)),
        call("softmaxBackward", () -> Softmax.softmaxBackward(MANY, 0, true, S, S, S)),
        call("logSoftmaxBackward", () -> Softmax.logSoftmaxBackward(MANY, 0, true, S, S, S)),
        call("softmax of arrays", () -> org.lanewise.kernels.arrays.Softmax.softmax(MOST, 0, A, B)),
        call("PackedMatrix.ofFloats", () -> close(PackedMatrix.ofFloats(Transpose.NO, MANY, 0, S))),
        call(
            "PackedMatrix.ofDoubles",
            () -> close(PackedMatrix.ofDoubles(Transpose.YES, MANY, 0, S))),
        call("PackedMatrix.of floats", () -> close(PackedMatrix.of(Transpose.NO, MOST, 0, A))),
        call(
            "PackedMatrix.of doubles",
            () -> close(PackedMatrix.of(Transpose.YES, MOST, 0, new double[1]))),
        call("backwardBias", () -> Convolution.backwardBias(MANY, 2, 0, false, S, S)),
        call("maxBackward", () -> Pooling.maxBackward(MANY, 0, 0, false, S, S, S)),
        call(
            "batchNormEvaluation",
            () -> Norms.batchNormEvaluation(MANY, 1, 0, 1e-5f, S, S, S, S, S, T, U)),
        call(
            "batchNormBackward",
            () -> Norms.batchNormBackward(MANY, 1, 0, false, true, true, S, S, S, S, S, T, U, V)),
        call(
            "lstm",
            () ->
                Recurrent.lstm(
                    new RecurrentShape(MOST, MOST / 8, 0, false),
                    S,
                    S,
                    S,
                    null,
                    null,
                    null,
                    S,
                    S,
                    S,
                    S,
                    S)),
        call("pad", () -> Layouts.pad(MANY, 0, 1, 1, 0, 0, 0f, S, S)),
        call("gatherBackward", () -> Embeddings.gatherBackward(0, MANY, 0, false, S, S, T)),
        call(
            "attentionBackward",
            () ->
                Attention.backward(
                    AttentionShape.ofRows(MOST, MOST, MOST, 0, 0, 0),
                    S,
                    S,
                    S,
                    null,
                    S,
                    S,
                    S,
                    false,
                    T,
                    false,
                    U,
                    false,
                    V)),
        call("op on the scalar backend", () -> run(new ScalarBackend())),
        call("op on the CPU", () -> run(new CpuBackend(2))));
  }

  private static void close(PackedMatrix matrix) {
    matrix.close();
  }

  private static void run(Backend backend) {
    try (backend) {
      TensorType type = f32(MANY, 0);
      Operand x = new Operand(backend.allocate(4), 0, type);
      backend.bind(new SoftmaxOp.Softmax(-1), List.of(x), List.of(x)).run();
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void isDoneAtOnce(Runnable call) {
    assertTimeoutPreemptively(Duration.ofSeconds(20), call::run);
  }
}
