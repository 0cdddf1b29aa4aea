package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.lanewise.nn.data.Dataset;

/** A training step takes no memory that was not there before the first, and evaluation little. */
class StepAllocationTest {
  private static final long LIMIT = 32 << 20;

  private static Trainer trainer() {
    return Trainer.classify(new Models.Mlp(), Models.FEATURES).batch(64).threads(2).compile();
  }

  @Test
  void stepAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Dataset data = Models.points(64, 1);
    int[] order = new int[64];
    for (int i = 0; i < 64; i++) {
      order[i] = i;
    }
    try (Trainer trainer = trainer()) {
      long least = Long.MAX_VALUE;
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (least > 0 && System.nanoTime() < deadline) { // vectors are objects until compiled
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
          trainer.step(data, order, 0, 64);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isZero();
    }
  }

  @Test
  void nativeMemoryDoesNotGrow() throws IOException {
    Dataset data = Models.points(64, 1);
    int[] order = new int[64];
    try (Trainer trainer = trainer()) {
      steps(trainer, data, order, 2000);
      long growth = Long.MAX_VALUE;
      for (int round = 0; round < 3 && growth >= LIMIT; round++) { // the JIT may still be at work
        long before = residentBytes();
        steps(trainer, data, order, 10_000);
        growth = residentBytes() - before;
      }
      assertThat(growth).isLessThan(LIMIT);
    }
  }

  @Test
  void evaluationTakesMemoryForItsSamplesAndNotForABatch() throws IOException {
    try (Trainer trainer =
        Trainer.classify(new Models.Mlp(), Models.FEATURES).batch(1 << 26).threads(1).compile()) {
      long before = statusBytes("VmHWM:");
      trainer.evaluate(Models.points(10, 1));
      assertThat(statusBytes("VmHWM:") - before).isLessThan(LIMIT);
    }
  }

  private static void steps(Trainer trainer, Dataset data, int[] order, int count) {
    for (int i = 0; i < count; i++) {
      trainer.step(data, order, 0, 64);
    }
  }

  private static long residentBytes() throws IOException {
    System.gc();
    return statusBytes("VmRSS:");
  }

  private static long statusBytes(String key) throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "needs /proc");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
