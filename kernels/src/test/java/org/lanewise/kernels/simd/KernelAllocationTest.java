package org.lanewise.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.KernelTable.Tensors;

/** Once compiled, a kernel keeps its vectors in registers: a vector on the heap would show here. */
class KernelAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int CALLS = 20;
  private static final int MAX_ROUNDS = 2000;

  static List<Kernel> kernels() {
    return KernelTable.all();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void allocatesNothingAfterWarmUp(Kernel kernel) {
    try (Arena arena = Arena.ofShared()) {
      Tensors tensors = new Tensors(arena, 24, 171, false);
      long extent = kernel.extent(tensors);
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < MAX_ROUNDS && allocated > 0; round++) {
        allocated = allocatedBy(kernel, tensors, extent);
      }
      assertThat(allocated).isZero();
      assertThat(allocatedBy(kernel, tensors, extent)).as("again").isZero();
    }
  }

  private static long allocatedBy(Kernel kernel, Tensors tensors, long extent) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int call = 0; call < CALLS; call++) {
      kernel.simd().run(tensors, 0, extent);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
