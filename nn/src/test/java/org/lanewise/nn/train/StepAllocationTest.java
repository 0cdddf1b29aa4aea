package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.nn.data.Batches;

/** A training step takes no memory that was not there before the first, and evaluation little. */
class StepAllocationTest {
  private static final long LIMIT = 32 << 20;

  private static final int STEPS = 100;

  private final Batches batches = Batches.of(Models.points(64 * STEPS, 1)).size(64);

  private static TrainerBuilder builder(Callback callback) {
    return Trainer.classifier(new Models.Mlp()).threads(2).callbacks(callback);
  }

  /** What the steps of an epoch allocate, but for the first ones. */
  private static final class Allocation implements Callback {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long start;
    private long least = Long.MAX_VALUE;

    @Override
    public void onStep(Trainer trainer) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      if (trainer.samplesDone() <= 128) { // the first step may be of two batches
        start = allocated;
      } else if (trainer.samplesDone() == trainer.samples()) {
        least = Math.min(least, allocated - start);
      }
    }
  }

  static List<UnaryOperator<TrainerBuilder>> settings() {
    return List.of(
        builder -> builder,
        builder ->
            builder
                .optimizer(Optimizer.adamW(0.01, 0.1).withoutDecay(p -> p.shape().rank() < 2))
                .clipValue(0.1)
                .clipNorm(1)
                .accumulate(2),
        builder -> builder.optimizer(new CustomRuleTest.Descent(0.1)).clipNorm(1));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void stepAllocatesNothing(UnaryOperator<TrainerBuilder> settings) {
    Allocation allocation = new Allocation();
    try (Trainer trainer = settings.apply(builder(allocation)).build()) {
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (allocation.least > 0 && System.nanoTime() < deadline) { // until vectors are compiled
        trainer.fit(batches, trainer.epoch());
      }
      assertThat(allocation.least).isZero();
    }
  }

  @Test
  void nativeMemoryDoesNotGrow() throws IOException {
    try (Trainer trainer = builder(new Callback() {}).build()) {
      trainer.fit(batches, 20);
      long growth = Long.MAX_VALUE;
      for (int round = 0; round < 3 && growth >= LIMIT; round++) { // the JIT may still be at work
        long before = residentBytes();
        trainer.fit(batches, trainer.epoch() + 99);
        growth = residentBytes() - before;
      }
      assertThat(growth).isLessThan(LIMIT);
    }
  }

  @Test
  void evaluationTakesMemoryForItsSamplesAndNotForABatch() throws IOException {
    try (Trainer trainer = builder(new Callback() {}).build()) {
      long before = statusBytes("VmHWM:");
      trainer.evaluate(Batches.of(Models.points(10, 1)).size(1 << 26));
      assertThat(statusBytes("VmHWM:") - before).isLessThan(LIMIT);
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
