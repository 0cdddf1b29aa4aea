package org.lanewise.ffi.opencl.backend;

import static org.lanewise.kernels.op.TensorType.f32;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.lanewise.ffi.opencl.OpenCl;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;

/** A process that runs steps, and prints what there is of it before and after. */
final class LeakProcess {
  private static final int RUNS = 10_000;

  private LeakProcess() {}

  /**
   * Prints the open objects, threads and resident KiB twice, with runs between.
   *
   * @param arguments the device
   */
  public static void main(String[] arguments) throws IOException {
    try (OpenClBackend opencl =
        new OpenClBackend(OpenCl.device(arguments[0]), Settings.fromProperties(1))) {
      Operand a = new Operand(opencl.allocate(4 * 64 * 64), 0, f32(64, 64));
      Operand b = new Operand(opencl.allocate(4 * 64 * 64), 0, f32(64, 64));
      Step product =
          opencl.bind(
              new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, Epilogue.NONE),
              List.of(a, a),
              List.of(b));
      Step relu = opencl.bind(new ActivationOp.Activate(Activation.RELU), List.of(b), List.of(b));
      for (int time = 0; time < 2; time++) {
        run(opencl, product, relu, b);
        System.out.printf(
            "counted %d %d %d%n",
            opencl.context().open().size(), status("Threads:"), status("VmRSS:"));
      }
    }
  }

  private static void run(OpenClBackend opencl, Step product, Step relu, Operand result) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(4);
      for (int i = 0; i < RUNS; i++) {
        product.run();
        relu.run();
        if (i % 2 == 0) {
          opencl.time(relu);
        }
        result.buffer().read(0, one, 0, 4);
      }
    }
  }

  private static long status(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
