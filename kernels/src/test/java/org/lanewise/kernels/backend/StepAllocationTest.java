package org.lanewise.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.Op;

/**
 * Once compiled, a step allocates nothing: no vector, no lambda, no iterator.
 *
 * <p>Not so yet the ops with an exponential: some JVMs keep their vectors in registers and others
 * do not.
 */
class StepAllocationTest {
  @Test
  void stepsAllocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Backend cpu = new CpuBackend(2)) {
      for (OpTest.Case c : OpTest.cases().filter(StepAllocationTest::isMeasured).toList()) {
        Step step = new OpTest.Bound(cpu, c).step;
        for (int i = 0; i < 3; i++) {
          step.run(); // starts threads and takes scratch memory
        }
        assertThat(leastAllocated(threads, step)).as("bytes of %s", c).isLessThan(16);
      }
    }
  }

  private static boolean isMeasured(OpTest.Case c) {
    boolean hasExponential =
        switch (c.op()) {
          case Op.Activate(Activation function) -> function != Activation.RELU;
          case Op.SoftmaxCrossEntropy _, Op.SoftmaxCrossEntropyBackward _ -> true;
          default -> false;
        };
    return !hasExponential && c.inputs().getFirst().shape().size() >= 1000;
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
