package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.op.TensorType.f32;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;

/** Running steps leaves nothing behind. */
class LeakTest {
  private static final int RUNS = 10_000;

  /**
   * What may come and go in a process of that many runs: a JIT that compiles, a heap that grows.
   */
  private static final long NOISE_KIB = 40_000;

  @Test
  void runsLeakNothing() {
    try (OpenClBackend opencl = TestDevice.open()) {
      Operand a = new Operand(opencl.allocate(4 * 64 * 64), 0, f32(64, 64));
      Operand b = new Operand(opencl.allocate(4 * 64 * 64), 0, f32(64, 64));
      Step product =
          opencl.bind(
              new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, false, Epilogue.NONE),
              List.of(a, a),
              List.of(b));
      Step relu = opencl.bind(new ActivationOp.Activate(Activation.RELU), List.of(b), List.of(b));
      run(opencl, product, relu, b, RUNS); // by then the heap has its size
      List<String> open = opencl.context().open();
      long threads = threads();
      long memory = residentKib();

      run(opencl, product, relu, b, RUNS);

      assertThat(opencl.context().open()).isEqualTo(open);
      assertThat(threads()).isLessThanOrEqualTo(threads + 2); // the JVM's own come and go
      assertThat(residentKib()).isLessThan(memory + NOISE_KIB);
    }
  }

  @Test
  void openObjectsNameTheLineThatMadeThem() {
    OpenClBackend opencl = TestDevice.open();
    opencl.allocate(100);
    assertThat(opencl.context().open())
        .anyMatch(line -> line.contains("memory of 100 bytes made at"));
    opencl.close();
    assertThat(opencl.context().open()).isEmpty();
  }

  private static void run(OpenClBackend opencl, Step product, Step relu, Operand result, int runs) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(4);
      for (int i = 0; i < runs; i++) {
        product.run();
        relu.run();
        if (i % 2 == 0) {
          opencl.time(relu);
        }
        result.buffer().read(0, one, 0, 4);
      }
    }
  }

  private static long threads() {
    return status("Threads:");
  }

  private static long residentKib() {
    return status("VmRSS:");
  }

  private static long status(String name) {
    Path file = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.exists(file), "no " + file);
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
