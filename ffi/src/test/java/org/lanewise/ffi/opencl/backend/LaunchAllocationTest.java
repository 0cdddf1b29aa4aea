package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.op.TensorType.f32;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lanewise.ffi.opencl.TestDevice;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;

/** Once compiled, a launch allocates nothing. */
class LaunchAllocationTest {
  private static final int LAUNCHES = 1000;

  @Test
  void launchesAllocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (OpenClBackend opencl = TestDevice.open()) {
      Operand a = new Operand(opencl.allocate(4 * 40 * 40), 0, f32(40, 40));
      Operand c = new Operand(opencl.allocate(4 * 40 * 40), 0, f32(40, 40));
      Step step = // three launches
          opencl.bind(
              new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, Epilogue.NONE),
              List.of(a, a),
              List.of(c));
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 100 && least > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < LAUNCHES; i++) {
          step.run();
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        opencl.context().queue().finish();
      }
      assertThat(least).as("bytes of %d runs", LAUNCHES).isZero();
    }
  }
}
