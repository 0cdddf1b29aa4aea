package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Epilogue.Bias;
import org.lanewise.kernels.op.Epilogue.Function;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;

/** Once compiled, a product allocates nothing, on the calling thread and on the workers. */
class GemmAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final WorkerPool POOL = new WorkerPool(2);
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  static Stream<Arguments> products() {
    List<GemmCase> cases =
        List.of(
            GemmCase.of(1, 1, 1),
            GemmCase.of(5, 7, 9).scalars(0.5, 2),
            GemmCase.of(1, 300, 100),
            GemmCase.of(64, 64, 64),
            GemmCase.of(13, 70, 600).transposed(Transpose.YES, Transpose.YES),
            GemmCase.of(65, 67, 40).epilogue(Epilogue.BIAS_RELU.withResidual()),
            GemmCase.of(9, 33, 20).epilogue(Epilogue.NONE.withClamp(-1, 1)),
            GemmCase.of(40, 50, 30).epilogue(Epilogue.of(Bias.ROW, Function.GELU)),
            GemmCase.of(17, 31, 12).epilogue(Epilogue.of(Bias.COLUMN, Function.SILU)),
            GemmCase.of(9, 16, 20).epilogue(Epilogue.of(Bias.NONE, Function.TANH)),
            GemmCase.of(40, 50, 30).transposed(Transpose.NO, Transpose.YES),
            GemmCase.of(20, 30, 10).batch(4, 200, 300, 600),
            GemmCase.of(200, 300, 1030).epilogue(Epilogue.BIAS_RELU), // packed, on two threads
            GemmCase.of(300, 200, 1030).transposed(Transpose.YES, Transpose.YES).scalars(0.5, 1));
    return Arrays.stream(GemmKind.values())
        .flatMap(kind -> cases.stream().map(g -> Arguments.of(kind, g)));
  }

  @AfterAll
  static void close() {
    POOL.close();
  }

  @ParameterizedTest
  @MethodSource("products")
  void allocatesNothingAfterWarmUp(GemmKind kind, GemmCase g) {
    try (GemmKind.Call call = kind.prepare(g.gemm().on(POOL), GemmOperands.random(g, 1))) {
      int calls = Math.clamp(20_000_000L / ((long) g.m * g.n * g.k), 5, 2000);
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      long allocated;
      do {
        allocated = allocatedBy(call, calls);
      } while (allocated > 0 && System.nanoTime() < deadline);
      assertThat(allocated).isZero();
    }
  }

  /** Bytes that the calling thread and the workers allocate. */
  private static long allocatedBy(GemmKind.Call call, int calls) {
    long[] workers = workers();
    long workersBefore = allocatedBy(workers);
    long between = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < calls; i++) {
      call.run();
    }
    long after = THREADS.getCurrentThreadAllocatedBytes();
    return after - between + allocatedBy(workers) - workersBefore;
  }

  private static long allocatedBy(long[] threads) {
    return Arrays.stream(THREADS.getThreadAllocatedBytes(threads)).sum();
  }

  private static long[] workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("lanewise-worker"))
        .mapToLong(Thread::threadId)
        .toArray();
  }
}
