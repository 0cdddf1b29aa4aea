package org.lanewise.kernels.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.workspace.Workspace;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // rather than hang
class WorkerPoolTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void runsEachPartOnce(int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int parts = 0; parts < 20; parts++) {
        for (int repeat = 0; repeat < 50; repeat++) {
          AtomicIntegerArray runs = new AtomicIntegerArray(parts);
          int expectedParts = parts;
          pool.run(
              parts,
              (part, count) -> {
                assertThat(count).isEqualTo(expectedParts);
                runs.incrementAndGet(part);
              });
          for (int part = 0; part < parts; part++) {
            assertThat(runs.get(part)).isEqualTo(1);
          }
        }
      }
    }
  }

  @Test
  void wakesParkedWorkers() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(2)) {
      for (int i = 0; i < 20; i++) {
        AtomicInteger runs = new AtomicInteger();
        pool.run(2, (_, _) -> runs.incrementAndGet());
        assertThat(runs).hasValue(2);
        Thread.sleep(5); // longer than a worker spins
      }
    }
  }

  @Test
  void runsNestedTasksOnTheSameThread() {
    try (WorkerPool pool = new WorkerPool(2)) {
      AtomicInteger inner = new AtomicInteger();
      pool.run(2, (_, _) -> pool.run(3, (_, _) -> inner.incrementAndGet()));
      assertThat(inner).hasValue(6);
    }
  }

  @Test
  void servesSeveralCallers() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(2)) {
      AtomicInteger runs = new AtomicInteger();
      Runnable caller =
          () -> {
            for (int i = 0; i < 1000; i++) {
              pool.run(4, (_, _) -> runs.incrementAndGet());
            }
          };
      Thread other = new Thread(caller);
      other.start();
      caller.run();
      other.join();
      assertThat(runs).hasValue(8000);
    }
  }

  @Test
  void closeFreesTheMemoryOfTheWorkers() throws InterruptedException {
    WorkerPool pool = new WorkerPool(2);
    MemorySegment[] memory = new MemorySegment[1];
    Thread worker =
        runOnWorker(
            pool,
            () -> {
              try (Workspace workspace = Workspace.enter()) {
                memory[0] = workspace.allocate(64, 64);
              }
            });
    assertThat(memory[0].scope().isAlive()).isTrue();
    pool.close();
    worker.join();
    assertThat(memory[0].scope().isAlive()).isFalse();
  }

  /** Runs something on the only worker, which it returns, while the caller has a part too. */
  private static Thread runOnWorker(WorkerPool pool, Runnable work) {
    Thread caller = Thread.currentThread();
    Thread[] worker = new Thread[1];
    CountDownLatch ran = new CountDownLatch(1);
    pool.run(
        2,
        (_, _) -> {
          if (Thread.currentThread() == caller) {
            await(ran);
          } else {
            try {
              worker[0] = Thread.currentThread();
              work.run();
            } finally {
              ran.countDown();
            }
          }
        });
    return worker[0];
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).as("in time").isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void aThreadThatIsHeldUpLeavesItsPartsToOthers() {
    Thread caller = Thread.currentThread();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(7);
    try (WorkerPool pool = new WorkerPool(2)) {
      pool.run(
          8,
          (_, _) -> {
            if (Thread.currentThread() == caller) {
              await(begun);
              others.countDown();
            } else {
              begun.countDown();
              await(others);
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void rethrowsWhatAPartThrows(int failing) {
    try (WorkerPool pool = new WorkerPool(3)) {
      assertThatThrownBy(() ->
              pool.run(
                  3,
                  (part, _) -> {
                    if (part == failing) {
                      throw new IllegalStateException("part " + part);
                    }
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("part " + failing);
      AtomicInteger runs = new AtomicInteger();
      pool.run(3, (_, _) -> runs.incrementAndGet());
      assertThat(runs).as("the pool still works").hasValue(3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rethrowsACheckedExceptionThatAPartMayNotThrow(boolean onWorker) {
    Thread caller = Thread.currentThread();
    CountDownLatch other = new CountDownLatch(1);
    try (WorkerPool pool = new WorkerPool(2)) {
      assertThatThrownBy(() ->
              pool.run(
                  2,
                  (_, _) -> {
                    if ((Thread.currentThread() != caller) == onWorker) {
                      other.countDown();
                      WorkerPoolTest.<RuntimeException>rethrow(new IOException("checked"));
                    }
                    await(other);
                  }))
          .isInstanceOf(IOException.class)
          .hasMessage("checked");
      AtomicInteger runs = new AtomicInteger();
      pool.run(2, (_, _) -> runs.incrementAndGet());
      assertThat(runs).as("the pool still works").hasValue(2);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void refusesWorkAfterClose() {
    WorkerPool pool = new WorkerPool(2);
    pool.run(2, (_, _) -> {});
    pool.close();
    pool.close();
    assertThatThrownBy(() -> pool.run(2, (_, _) -> {})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closeEndsTheThreads() throws InterruptedException {
    WorkerPool pool = new WorkerPool(2);
    Thread worker = runOnWorker(pool, () -> {});
    pool.close();
    worker.join(10_000);
    assertThat(worker.isAlive()).isFalse();
  }

  @Test
  void closesFromWithinAPartOfTheCaller() {
    WorkerPool pool = new WorkerPool(2);
    AtomicInteger runs = new AtomicInteger();
    pool.run(
        4,
        (_, _) -> {
          pool.close();
          runs.incrementAndGet();
        });
    assertThat(runs).as("the task is completed").hasValue(4);
    assertThatThrownBy(() -> pool.run(2, (_, _) -> {})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closesFromWithinAPartOfAWorker() throws InterruptedException {
    WorkerPool pool = new WorkerPool(2);
    Thread worker = runOnWorker(pool, pool::close);
    worker.join(10_000);
    assertThat(worker.isAlive()).isFalse();
    assertThatThrownBy(() -> pool.run(2, (_, _) -> {})).isInstanceOf(IllegalStateException.class);
  }

  /** Also while it waits for a worker, for longer than it spins. */
  @Test
  void aCallerThatIsInterruptedStaysSo() {
    try (WorkerPool pool = new WorkerPool(2)) {
      Thread caller = Thread.currentThread();
      CountDownLatch begun = new CountDownLatch(1);
      caller.interrupt();
      AtomicInteger runs = new AtomicInteger();
      pool.run(
          2,
          (_, _) -> {
            if (Thread.currentThread() == caller) {
              while (begun.getCount() > 0) {
                Thread.onSpinWait();
              }
            } else {
              begun.countDown();
              LockSupport.parkNanos(20_000_000);
            }
            runs.incrementAndGet();
          });
      assertThat(runs).hasValue(2);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void servesVirtualThreads() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(2)) {
      AtomicInteger runs = new AtomicInteger();
      List<Thread> callers =
          Stream.generate(() ->
                  Thread.ofVirtual().start(() -> pool.run(20, (_, _) -> runs.incrementAndGet())))
              .limit(100)
              .toList();
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(runs).hasValue(2000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1025})
  void refusesImpossibleThreadCounts(int threads) {
    assertThatThrownBy(() -> new WorkerPool(threads))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads")
        .hasMessageContaining(Integer.toString(threads));
  }

  @Test
  void sharedPoolCannotBeClosed() {
    assertThatThrownBy(() -> WorkerPool.shared().close()).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1",
    "1, 100, 1",
    "2, 0, 1",
    "2, 1, 1",
    "2, 2, 2",
    "2, 3, 2",
    "2, 5, 4",
    "2, 9223372036854775807, 8",
    "7, 6, 6",
    "7, 20, 14"
  })
  void partsAreAsManyForEachThread(int threads, long worthwhile, int parts) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      assertThat(pool.parts(worthwhile)).isEqualTo(parts);
    }
  }

  @Test
  void runAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    WorkerPool.Task task = (_, _) -> {};
    try (WorkerPool pool = new WorkerPool(2)) {
      for (int i = 0; i < 1000; i++) {
        pool.run(2, task);
      }
      long least = Long.MAX_VALUE;
      for (int attempt = 0; attempt < 5; attempt++) { // parking for the first time loads classes
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
          pool.run(2, task);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isZero();
    }
  }
}
