package org.lanewise.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.backend.cpu.CpuBackend;
import org.lanewise.kernels.cases.BoundOp;
import org.lanewise.kernels.cases.OpCase;
import org.lanewise.kernels.cases.OpCases;

/** Once compiled, a step allocates nothing: no vector, no lambda, no iterator. */
class StepAllocationTest {
  @Test
  void stepsAllocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Backend cpu = new CpuBackend(2)) {
      for (OpCase c : OpCases.all()) {
        if (c.inputs().getFirst().shape().size() < 1000) {
          continue;
        }
        Step step = new BoundOp(cpu, c).step;
        for (int i = 0; i < 3; i++) {
          step.run(); // starts threads and takes scratch memory
        }
        assertThat(leastAllocated(threads, step)).as("bytes of %s", c).isLessThan(16);
      }
    }
  }

  /** Bytes per run once compiled: vectors are objects until then. */
  private static long leastAllocated(ThreadMXBean threads, Step step) {
    int runs = 20;
    long least = Long.MAX_VALUE;
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (least >= 16 && System.nanoTime() < deadline) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < runs; i++) {
        step.run();
      }
      least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / runs);
    }
    return least;
  }
}
