package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.parallel.WorkerPool;

/** Memory that is closed while a kernel uses it. */
class ClosedArenaTest {
  /** Of which the JVM interrupts some, between one in four and one in fifty. */
  private static final int ROUNDS = 40;

  private static final long SIZE = 1 << 16;

  /** A call whose operands are parts of one segment. */
  @FunctionalInterface
  interface Call {
    void run(WorkerPool pool, MemorySegment x);
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        call("sum", (pool, x) -> Blas1.sum(pool, SIZE, x)),
        call(
            "product",
            (pool, x) -> Gemm.of(64, 64, 64).offsets(0, 4096, 8192).on(pool).sgemm(x, x, x)),
        call(
            "transpose", (pool, x) -> Layouts.transpose(pool, 1, 128, 128, x, x.asSlice(SIZE * 2))),
        call(
            "meanSquaredError",
            (_, x) -> Losses.meanSquaredError(SIZE / 2, x, x, x.asSlice(SIZE * 2))));
  }

  private static Arguments call(String name, Call call) {
    return Arguments.of(name, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void refusesWithoutAnInterrupt(String name, Call call) {
    for (int threads = 1; threads <= 2; threads++) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        for (int round = 0; round < ROUNDS; round++) {
          runUntilClosed(pool, call);
          assertThat(Thread.interrupted()).as("%d threads, round %d", threads, round).isFalse();
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void anInterruptOfTheThreadsOwnIsKept(String name, Call call) {
    try (WorkerPool pool = new WorkerPool(2)) {
      for (int round = 0; round < ROUNDS; round++) {
        Thread.currentThread().interrupt();
        runUntilClosed(pool, call);
        assertThat(Thread.interrupted()).as("round %d", round).isTrue();
      }
    }
  }

  private static void runUntilClosed(WorkerPool pool, Call call) {
    Arena arena = Arena.ofShared();
    MemorySegment x = arena.allocate(SIZE * Float.BYTES, 64);
    CountDownLatch begun = new CountDownLatch(1);
    Thread.ofPlatform()
        .start(() -> {
          try {
            begun.await();
          } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
          }
          arena.close();
        });
    assertThatThrownBy(
            () -> {
              while (true) {
                call.run(pool, x);
                begun.countDown();
              }
            })
        .isInstanceOf(IllegalStateException.class);
  }
}
