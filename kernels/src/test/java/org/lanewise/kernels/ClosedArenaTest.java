package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.parallel.WorkerPool;

/** Memory that is closed while a kernel uses it. */
class ClosedArenaTest {
  private static final int ROUNDS = 30;
  private static final long SIZE = 1 << 22;

  /** The kernel may also be through before, or not have begun. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesWithoutAnInterrupt(int threads) throws Exception {
    try (WorkerPool pool = new WorkerPool(threads);
        var closer = Executors.newSingleThreadExecutor()) {
      int refused = 0;
      for (int round = 0; round < ROUNDS; round++) {
        Arena arena = Arena.ofShared();
        MemorySegment x = arena.allocate(SIZE * Float.BYTES, 64);
        Future<?> closed =
            closer.submit(() -> {
              Thread.sleep(1);
              arena.close();
              return null;
            });
        try {
          while (true) {
            Activations.forward(pool, Activation.SIGMOID, SIZE, x, x);
          }
        } catch (IllegalStateException expected) {
          refused++;
        }
        assertThat(Thread.currentThread().isInterrupted()).as("round %d", round).isFalse();
        closed.get();
      }
      assertThat(refused).isEqualTo(ROUNDS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anInterruptOfItsOwnIsKept(int threads) throws Exception {
    try (WorkerPool pool = new WorkerPool(threads)) {
      Arena arena = Arena.ofShared();
      MemorySegment x = arena.allocate(SIZE * Float.BYTES, 64);
      Thread closer = Thread.ofPlatform().unstarted(arena::close);
      Thread.currentThread().interrupt();
      closer.start();
      try {
        while (true) {
          Activations.forward(pool, Activation.SIGMOID, SIZE, x, x);
        }
      } catch (IllegalStateException expected) {
        assertThat(Thread.interrupted()).isTrue();
      }
      closer.join();
    }
  }
}
