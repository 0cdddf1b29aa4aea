package org.lanewise.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Signature;

/** What the thread does that reads batches ahead. */
@Timeout(120)
class PrefetchTest {
  private static final int SIZE = 5;
  private static final int BATCHES = 20;

  /** A data set whose samples are their numbers, and which calls something before each is read. */
  private record Watched(LongConsumer onRead) implements Dataset {
    @Override
    public long size() {
      return SIZE * BATCHES;
    }

    @Override
    public Signature signature() {
      return Signature.of("number", TensorType.i32());
    }

    @Override
    public void read(long index, Sample into) {
      onRead.accept(index);
      into.set("number", 0, (int) index);
    }
  }

  private static Epoch epoch(LongConsumer onRead, int prefetched) {
    return Batches.of(new Watched(onRead)).size(SIZE).prefetch(prefetched).epoch(1, 1, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void readsTheNextBatchesWhileAStepRuns(int ahead) throws InterruptedException {
    List<CountDownLatch> samplesLeft =
        Stream.generate(() -> new CountDownLatch(SIZE)).limit(BATCHES + ahead + 1).toList();
    LongConsumer counts = index -> samplesLeft.get((int) index / SIZE).countDown();
    try (Epoch epoch = epoch(counts, ahead)) {
      for (int step = 0; step < BATCHES; step++) {
        Batch batch = epoch.next();
        for (int next = step + 1; next <= step + ahead && next < BATCHES; next++) {
          samplesLeft.get(next).await(); // the step goes on until they are read
        }
        assertThat(samplesLeft.get(step + ahead + 1).getCount()).as("no more").isEqualTo(SIZE);
        int first = step * SIZE;
        assertThat(batch.tensor("number").toInts())
            .containsExactly(first, first + 1, first + 2, first + 3, first + 4);
      }
      assertThat(epoch.next()).isNull();
    }
  }

  /** Prints what is hidden. A busy machine may take a few attempts. */
  @Test
  void hidesALoaderThatTakes80PercentOfAStep() {
    double alone = 0;
    double ahead = 0;
    for (int attempt = 0; attempt < 20 && ahead >= 0.75 * alone; attempt++) {
      alone = secondsPerStep(0);
      ahead = secondsPerStep(2);
    }
    System.out.printf(
        "A step of 10 ms and a loader of 8 ms: %.1f ms one after the other, %.1f ms prefetched%n",
        alone * 1000, ahead * 1000);
    assertThat(ahead).isLessThan(0.75 * alone);
  }

  private static double secondsPerStep(int prefetched) {
    LongConsumer takesItsTime = _ -> LockSupport.parkNanos(8_000_000 / SIZE);
    try (Epoch epoch = epoch(takesItsTime, prefetched)) {
      epoch.next();
      long start = System.nanoTime();
      for (int step = 0; step < BATCHES - 1; step++) {
        LockSupport.parkNanos(10_000_000);
        epoch.next();
      }
      return (System.nanoTime() - start) / 1e9 / (BATCHES - 1);
    }
  }

  @Test
  void theThreadIsADaemonThatEndsWithTheEpoch() throws InterruptedException {
    Thread[] reader = new Thread[1];
    try (Epoch epoch = epoch(_ -> reader[0] = Thread.currentThread(), 2)) {
      epoch.next();
      assertThat(reader[0]).isNotSameAs(Thread.currentThread()).matches(Thread::isDaemon);
      while (epoch.next() != null) {}
      reader[0].join();
    }
    try (Epoch epoch = epoch(_ -> reader[0] = Thread.currentThread(), 2)) {
      epoch.next();
      assertThat(reader[0].isAlive()).as("waits for a batch to read into").isTrue();
    }
    assertThat(reader[0].isAlive()).as("after close").isFalse();
  }

  @Test
  void anInterruptEndsTheThreadAndIsReported() throws InterruptedException {
    Thread[] reader = new Thread[1];
    try (Epoch epoch = epoch(_ -> reader[0] = Thread.currentThread(), 1)) {
      epoch.next();
      reader[0].interrupt();
      reader[0].join();
      assertThatThrownBy(
              () -> {
                while (epoch.next() != null) {} // first those that are read already
              })
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the thread that reads ahead was interrupted");
      assertThat(epoch.next()).isNull();
    }
  }

  @Test
  void errorsReachTheTraining() {
    LongConsumer fails =
        index -> {
          if (index == SIZE) {
            throw new StackOverflowError("too deep");
          }
        };
    try (Epoch epoch = epoch(fails, 2)) {
      epoch.next();
      assertThatThrownBy(epoch::next).isInstanceOf(StackOverflowError.class);
      assertThat(epoch.next()).isNull();
    }
  }

  @Test
  void virtualThreadsCanTrain() throws Exception {
    FutureTask<Integer> training =
        new FutureTask<>(() -> {
          int batches = 0;
          try (Epoch epoch = epoch(_ -> {}, 2)) {
            while (epoch.next() != null) {
              batches++;
            }
          }
          return batches;
        });
    Thread.startVirtualThread(training);
    assertThat(training.get()).isEqualTo(BATCHES);
  }

  @Test
  void theThreadInheritsNothing() throws InterruptedException {
    InheritableThreadLocal<String> variable = new InheritableThreadLocal<>();
    List<Object> inherited = new ArrayList<>();
    LongConsumer looks =
        index -> {
          if (index == 0) {
            inherited.add(Thread.currentThread().getContextClassLoader());
            inherited.add(variable.get());
          }
        };
    Thread training =
        new Thread(() -> {
          variable.set("request 17");
          try (Epoch epoch = epoch(looks, 2)) {
            epoch.next();
          }
        });
    training.setContextClassLoader(new URLClassLoader(new URL[0]));
    training.start();
    training.join();
    assertThat(inherited).containsExactly(ClassLoader.getSystemClassLoader(), null);
  }
}
