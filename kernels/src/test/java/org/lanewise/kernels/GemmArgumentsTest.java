package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Epilogue.Bias;
import org.lanewise.kernels.op.Epilogue.Function;
import org.lanewise.kernels.op.Transpose;

/** What a user of {@link Gemm} can get wrong, what the message then says, and that C stays. */
class GemmArgumentsTest {
  private static final Arena ARENA = Arena.ofAuto();
  private static final float OLD = 42;

  private static final MemorySegment A = segment(400);
  private static final MemorySegment B = segment(400);
  private static final MemorySegment C = segment(400);
  private static final MemorySegment BIAS = segment(40);
  private static final MemorySegment HEAP = MemorySegment.ofArray(new float[400]);

  private static final float[] A_FLOATS = new float[100];
  private static final float[] B_FLOATS = new float[100];
  private static final float[] C_FLOATS = new float[100];
  private static final double[] A_DOUBLES = new double[100];
  private static final double[] B_DOUBLES = new double[100];
  private static final double[] C_DOUBLES = new double[100];

  static {
    fill();
  }

  private static void fill() {
    for (long i = 0; i < 400; i += Float.BYTES) {
      C.set(JAVA_FLOAT, i, OLD);
    }
    Arrays.fill(C_FLOATS, OLD);
    Arrays.fill(C_DOUBLES, OLD);
  }

  private static MemorySegment segment(long bytes) {
    return ARENA.allocate(bytes, 64);
  }

  static Stream<Arguments> sizes() {
    return Stream.of(
        mistake("m must not be negative but is -1", () -> Gemm.of(-1, 2, 3)),
        mistake("n must not be negative but is -2", () -> Gemm.of(1, -2, 3)),
        mistake("k must not be negative but is -3", () -> Gemm.of(1, 2, -3)),
        mistake("m must not be negative but is -1", () -> Gemm.sgemm(-1, 2, 3, A, B, C)),
        mistake("k must not be negative but is -3", () -> Gemm.dgemm(1, 2, -3, A, B, C)),
        mistake("aOffset must not be negative but is -1", () -> square().offsets(-1, 0, 0)),
        mistake("bOffset must not be negative but is -2", () -> square().offsets(0, -2, 0)),
        mistake("cOffset must not be negative but is -3", () -> square().offsets(0, 0, -3)),
        mistake("count must not be negative but is -1", () -> square().batch(-1, 0, 0, 0)),
        mistake("aStride must not be negative but is -2", () -> square().batch(1, -2, 0, 0)),
        mistake("bStride must not be negative but is -3", () -> square().batch(1, 0, -3, 0)),
        mistake("cStride must not be negative but is -4", () -> square().batch(1, 0, 0, -4)),
        everywhere(
            "lda must be at least 10, the row length of a [10, 10], but is 9",
            square().leadingDimensions(9, 10, 10)),
        everywhere(
            "lda must be at least 7, the row length of a [5, 7], but is 6",
            Gemm.of(7, 3, 5).transposeA().leadingDimensions(6, 3, 3)),
        everywhere(
            "ldb must be at least 3, the row length of b [5, 3], but is 2",
            Gemm.of(7, 3, 5).leadingDimensions(5, 2, 3)),
        everywhere(
            "ldb must be at least 5, the row length of b [3, 5], but is 4",
            Gemm.of(7, 3, 5).transposeB().leadingDimensions(5, 4, 3)),
        everywhere(
            "ldc must be at least 3, the row length of c [7, 3], but is -1",
            Gemm.of(7, 3, 5).leadingDimensions(5, 3, -1)),
        everywhere(
            "lda must be at least 1, the row length of a [0, 0], but is 0",
            Gemm.of(0, 0, 0).leadingDimensions(0, 1, 1)),
        everywhere(
            "a ends beyond 2^63 elements: 1 matrices [4294967296, 4294967296]",
            Gemm.of(1L << 32, 1, 1L << 32)),
        everywhere("b ends beyond 2^63 elements", Gemm.of(0, 1L << 32, 1L << 32)),
        everywhere("c ends beyond 2^63 elements", Gemm.of(1L << 32, 1L << 32, 1)),
        everywhere("a ends beyond 2^63 elements", square().batch(1L << 32, 1L << 32, 0, 100)),
        everywhere("a ends beyond 2^63 elements", square().offsets(Long.MAX_VALUE, 0, 0)),
        everywhere("c ends beyond 2^63 elements", square().offsets(0, 0, Long.MAX_VALUE - 98)),
        everywhere(
            "the 2 matrices c [5, 5] with ldc 5 must not overlap, but are 24 apart",
            Gemm.of(5, 5, 1).batch(2, 5, 5, 24)),
        everywhere("must not overlap, but are 0 apart", Gemm.of(5, 5, 1).batch(2, 5, 5, 0)),
        everywhere(
            "the 3 matrices c [5, 5] with ldc 14 must not overlap, but are 5 apart",
            Gemm.of(5, 5, 1).leadingDimensions(1, 5, 14).batch(3, 5, 5, 5)),
        everywhere(
            "the 2 matrices c [5, 5] with ldc 14 must not overlap, but are 4 apart",
            Gemm.of(5, 5, 1).leadingDimensions(1, 5, 14).batch(2, 5, 5, 4)),
        everywhere("a must hold 4611686018427387904 elements", Gemm.of(1, 1, 1L << 62)));
  }

  static Stream<Arguments> segments() {
    return Stream.of(
        mistake(
            "a must hold 110 elements of 4 bytes but has 400 bytes",
            () -> Gemm.of(11, 10, 10).sgemm(A, B, C)),
        mistake(
            "b must hold 110 elements of 4 bytes but has 400 bytes",
            () -> Gemm.of(5, 11, 10).sgemm(A, B, C)),
        mistake(
            "c must hold 101 elements of 4 bytes but has 400 bytes",
            () -> square().offsets(0, 0, 1).sgemm(A, B, C)),
        mistake(
            "a must hold 100 elements of 8 bytes but has 400 bytes", () -> square().dgemm(A, B, C)),
        mistake(
            "a must hold 102 elements of 4 bytes but has 400 bytes",
            () -> Gemm.of(2, 2, 1).batch(2, 100, 0, 4).sgemm(A, B, C)),
        mistake("a must be a native segment", () -> square().sgemm(HEAP, B, C)),
        mistake("b must be a native segment", () -> square().sgemm(A, HEAP, C)),
        mistake("c must be a native segment", () -> square().sgemm(A, B, HEAP)),
        mistake("c must be writable but is read-only", () -> square().sgemm(A, B, C.asReadOnly())),
        mistake("a must be aligned to 4 bytes", () -> Gemm.of(1, 1, 1).sgemm(A.asSlice(2), B, C)),
        mistake("b must be aligned to 8 bytes", () -> Gemm.of(1, 1, 1).dgemm(A, B.asSlice(4), C)),
        mistake(
            "c must not overlap with a but they are 0 bytes apart",
            () -> Gemm.of(2, 2, 2).sgemm(C, B, C)),
        mistake(
            "c must not overlap with b but they are 12 bytes apart",
            () -> Gemm.of(2, 2, 2).offsets(0, 0, 3).sgemm(A, C, C)),
        mistake(
            "c must not overlap with b but they are -12 bytes apart",
            () -> Gemm.of(2, 2, 2).sgemm(A, C.asSlice(12), C)),
        mistake(
            "c must not overlap with bias but they are 0 bytes apart",
            () -> Gemm.of(2, 2, 2).epilogue(Epilogue.BIAS).sgemm(A, B, C, C, null)),
        mistake(
            "c must not overlap with residual but they are -4 bytes apart",
            () -> withResidual(2).sgemm(A, B, C, null, C.asSlice(4))),
        mistake(
            "c must not overlap with residual but they are 0 bytes apart",
            () -> withResidual(2).sgemm(A, B, C, null, C)),
        mistake("bias must not be null", () -> withBias(Bias.COLUMN).sgemm(A, B, C)),
        mistake("bias must be null", () -> square().sgemm(A, B, C, BIAS, null)),
        mistake("residual must not be null", () -> withResidual(2).sgemm(A, B, C)),
        mistake("residual must be null", () -> square().sgemm(A, B, C, null, A)),
        mistake(
            "bias must hold 11 elements of 4 bytes but has 40 bytes",
            () -> Gemm.of(1, 11, 1).epilogue(Epilogue.BIAS).sgemm(A, B, C, BIAS, null)),
        mistake(
            "bias must hold 11 elements of 4 bytes but has 40 bytes",
            () ->
                Gemm.of(11, 1, 1)
                    .epilogue(Epilogue.of(Bias.ROW, Function.NONE))
                    .sgemm(A, B, C, BIAS, null)),
        mistake(
            "residual must hold 16 elements of 4 bytes but has 40 bytes",
            () -> withResidual(4).sgemm(A, B, C, null, BIAS)),
        mistake(
            "bias must be a native segment",
            () -> withBias(Bias.COLUMN).sgemm(A, B, C, HEAP, null)),
        mistake(
            "residual must be a native segment", () -> withResidual(2).sgemm(A, B, C, null, HEAP)));
  }

  static Stream<Arguments> arrays() {
    return Stream.of(
        mistake(
            "a must hold 110 elements but has 100",
            () -> Gemm.of(11, 10, 10).sgemm(A_FLOATS, B_FLOATS, C_FLOATS)),
        mistake(
            "b must hold 110 elements but has 100",
            () -> Gemm.of(5, 11, 10).dgemm(A_DOUBLES, B_DOUBLES, C_DOUBLES)),
        mistake(
            "c must hold 101 elements but has 100",
            () -> square().offsets(0, 0, 1).sgemm(A_FLOATS, B_FLOATS, C_FLOATS)),
        mistake(
            "c must not overlap with a but they are elements 0 to 4 and 3 to 7 of one array",
            () -> Gemm.of(2, 2, 2).offsets(3, 0, 0).sgemm(C_FLOATS, B_FLOATS, C_FLOATS)),
        mistake(
            "c must not overlap with b but they are elements 3 to 7 and 0 to 4 of one array",
            () -> Gemm.of(2, 2, 2).offsets(0, 0, 3).dgemm(A_DOUBLES, C_DOUBLES, C_DOUBLES)),
        mistake(
            "c must not overlap with bias but they are elements 1 to 5 and 0 to 2 of one array",
            () ->
                Gemm.of(2, 2, 2)
                    .offsets(0, 0, 1)
                    .epilogue(Epilogue.BIAS)
                    .sgemm(A_FLOATS, B_FLOATS, C_FLOATS, C_FLOATS, null)),
        mistake(
            "c must not overlap with residual but they are elements 0 to 4 and 0 to 4",
            () -> withResidual(2).sgemm(A_FLOATS, B_FLOATS, C_FLOATS, null, C_FLOATS)),
        mistake(
            "bias must hold 11 elements but has 10",
            () ->
                Gemm.of(1, 11, 1)
                    .epilogue(Epilogue.BIAS)
                    .sgemm(A_FLOATS, B_FLOATS, C_FLOATS, new float[10], null)),
        mistake(
            "residual must hold 100 elements but has 10",
            () -> withResidual(10).dgemm(A_DOUBLES, B_DOUBLES, C_DOUBLES, null, new double[10])),
        mistake(
            "bias must not be null for the epilogue",
            () -> withBias(Bias.ROW).dgemm(A_DOUBLES, B_DOUBLES, C_DOUBLES)),
        mistake(
            "bias must be null for the epilogue",
            () -> square().sgemm(A_FLOATS, B_FLOATS, C_FLOATS, A_FLOATS, null)),
        mistake(
            "residual must be null for the epilogue",
            () -> square().dgemm(A_DOUBLES, B_DOUBLES, C_DOUBLES, null, A_DOUBLES)));
  }

  private static Gemm square() {
    return Gemm.of(10, 10, 10);
  }

  private static Gemm withBias(Bias bias) {
    return Gemm.of(2, 2, 2).epilogue(Epilogue.of(bias, Function.NONE));
  }

  private static Gemm withResidual(int size) {
    return Gemm.of(size, size, 2).epilogue(Epilogue.NONE.withResidual());
  }

  private static Arguments mistake(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }

  /** A mistake that all kinds of elements and memory make, each with enough to hold 100. */
  private static Arguments everywhere(String message, Gemm gemm) {
    return mistake(
        message,
        () -> {
          assertThatThrownBy(() -> gemm.sgemm(A_FLOATS, B_FLOATS, C_FLOATS))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining(withoutBytes(message));
          assertThatThrownBy(() -> gemm.dgemm(A_DOUBLES, B_DOUBLES, C_DOUBLES))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining(withoutBytes(message));
          assertThatThrownBy(() -> gemm.dgemm(A, B, C))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining(message);
          gemm.sgemm(A, B, C);
        });
  }

  private static String withoutBytes(String message) {
    return message.replaceFirst(" of \\d bytes.*", "");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"sizes", "segments", "arrays"})
  void aMistakeIsNamedAndNothingIsWritten(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
    assertNothingWritten();
  }

  private static void assertNothingWritten() {
    assertThat(C.toArray(JAVA_FLOAT)).containsOnly(OLD);
    assertThat(C_FLOATS).containsOnly(OLD);
    assertThat(C_DOUBLES).containsOnly(OLD);
  }

  static Stream<Arguments> nulls() {
    float[] none = null;
    return Stream.of(
        mistake("a", () -> square().sgemm(null, B, C)),
        mistake("b", () -> square().dgemm(A_DOUBLES, null, C_DOUBLES)),
        mistake("c", () -> square().sgemm(A_FLOATS, B_FLOATS, none)),
        mistake("epilogue", () -> square().epilogue(null)),
        mistake("pool", () -> square().on(null)),
        mistake(
            "transA",
            () -> Gemm.sgemm(null, Transpose.NO, 1, 1, 1, 1, A, 0, 1, B, 0, 1, 0, C, 0, 1)),
        mistake(
            "transB",
            () -> Gemm.dgemm(Transpose.NO, null, 1, 1, 1, 1, A, 0, 1, B, 0, 1, 0, C, 0, 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nulls")
  void aNullIsNamed(String name, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
    assertNothingWritten();
  }

  @Test
  void aClosedArenaIsNotTouched() {
    Arena arena = Arena.ofShared();
    MemorySegment closed = arena.allocate(400, 64);
    arena.close();
    Gemm biased = square().epilogue(Epilogue.BIAS);
    Gemm residual = square().epilogue(Epilogue.NONE.withResidual());
    for (ThrowingCallable call :
        new ThrowingCallable[] {
          () -> square().sgemm(closed, B, C),
          () -> square().sgemm(A, closed, C),
          () -> square().sgemm(A, B, closed),
          () -> biased.sgemm(A, B, C, closed, null),
          () -> residual.sgemm(A, B, C, null, closed)
        }) {
      assertThatThrownBy(call).isInstanceOf(IllegalStateException.class);
      fill(); // the package says that something may have been written
    }
  }

  @Test
  void memoryConfinedToAnotherThreadIsNotTouched() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(400, 64);
      assertThatThrownBy(() -> CompletableFuture.runAsync(() -> square().sgemm(a, B, C)).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(WrongThreadException.class);
      assertNothingWritten();
    }
  }
}
