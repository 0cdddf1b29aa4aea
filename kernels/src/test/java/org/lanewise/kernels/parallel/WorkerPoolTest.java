package org.lanewise.kernels.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    MemorySegment[] scratch = new MemorySegment[2];
    Thread[] threads = new Thread[2];
    pool.run(
        2,
        (part, _) -> {
          threads[part] = Thread.currentThread();
          scratch[part] = WorkerPool.arenaOfThread().allocate(64);
        });
    assertThat(scratch[1].scope().isAlive()).isTrue();
    pool.close();
    threads[1].join();
    assertThat(scratch[1].scope().isAlive()).as("of the worker").isFalse();
    assertThat(scratch[0].scope().isAlive()).as("of the caller").isTrue();
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
    Thread[] worker = new Thread[2];
    pool.run(2, (part, _) -> worker[part] = Thread.currentThread());
    pool.close();
    worker[1].join(10_000);
    assertThat(worker[1].isAlive()).isFalse();
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
