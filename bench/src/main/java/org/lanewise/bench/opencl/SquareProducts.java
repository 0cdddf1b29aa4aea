package org.lanewise.bench.opencl;

import static org.lanewise.kernels.op.TensorType.f32;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.lanewise.ffi.opencl.DeviceMemory;
import org.lanewise.ffi.opencl.backend.OpenClBackend;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;

/** The same product on an OpenCL device, on the processors, and by CLBlast on that device. */
final class SquareProducts implements AutoCloseable {
  /** Operations of a row of products: where the wait for the last one does not count any more. */
  private static final double OPERATIONS = 1e9;

  private final int size;
  private final long bytes;
  private final OpenClBackend opencl;
  private final Backend cpu;
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private final List<Runnable> all = new ArrayList<>();

  /**
   * Products of matrices of random numbers, whose results have been compared.
   *
   * @param clBlast file of the library, or null to go without
   */
  SquareProducts(int size, int threads, OpenClBackend opencl, String clBlast) {
    this.size = size;
    this.opencl = opencl;
    bytes = f32(size, size).byteSize();
    cpu = Backends.open("cpu", threads);
    SplittableRandom random = new SplittableRandom(size);
    float[] a = random(random);
    float[] b = random(random);
    float[] expected = add(cpu, a, b);
    float[] actual = add(opencl, a, b);
    all.addFirst(all.removeLast()); // the device's comes first
    requireNear("OpenCL", actual, expected, 0);
    if (clBlast != null) {
      requireNear("CLBlast", addClBlast(clBlast, a, b), expected, 1e-3f);
    }
  }

  /**
   * The device's, the processors', and CLBlast's if there is one; each until its result is there.
   */
  List<Runnable> all() {
    return all;
  }

  /** Products in a row. */
  int inARow() {
    return (int) Math.max(1, OPERATIONS / (2.0 * size * size * size));
  }

  private Runnable inARow(Runnable product, Runnable waiting) {
    int count = inARow();
    return () -> {
      for (int i = 0; i < count; i++) {
        product.run();
      }
      waiting.run();
    };
  }

  private float[] random(SplittableRandom random) {
    float[] values = new float[size * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private float[] add(Backend backend, float[] a, float[] b) {
    Operand left = operand(backend, a);
    Operand right = operand(backend, b);
    Operand result = operand(backend, new float[size * size]);
    Step step =
        backend.bind(
            new ProductOp.Gemm(Transpose.NO, Transpose.NO, 1f, Epilogue.NONE),
            List.of(left, right),
            List.of(result));
    Runnable run =
        inARow(step::run, backend == opencl ? opencl.context().queue()::finish : () -> {});
    all.add(run);
    run.run();
    float[] values = new float[size * size];
    result.buffer().read(0, MemorySegment.ofArray(values), 0, bytes);
    return values;
  }

  private Operand operand(Backend backend, float[] values) {
    Buffer buffer = backend.allocate(bytes);
    if (backend == opencl) {
      toClose.add(buffer);
    }
    buffer.write(0, MemorySegment.ofArray(values), 0, bytes);
    return new Operand(buffer, 0, f32(size, size));
  }

  private float[] addClBlast(String file, float[] a, float[] b) {
    ClBlast library = ClBlast.load(file, opencl.context());
    DeviceMemory left = memory(a);
    DeviceMemory right = memory(b);
    DeviceMemory result = memory(new float[size * size]);
    Runnable run =
        inARow(() -> library.multiply(size, left, right, result), opencl.context().queue()::finish);
    all.add(run);
    run.run();
    float[] values = new float[size * size];
    result.read(0, MemorySegment.ofArray(values), 0, bytes);
    return values;
  }

  private DeviceMemory memory(float[] values) {
    DeviceMemory memory = DeviceMemory.allocate(opencl.context(), bytes);
    toClose.add(memory);
    memory.write(0, MemorySegment.ofArray(values), 0, bytes);
    return memory;
  }

  private static void requireNear(String who, float[] actual, float[] expected, float tolerance) {
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) {
        throw new IllegalStateException(
            "%s gives %s but should %s at %d".formatted(who, actual[i], expected[i], i));
      }
    }
  }

  @Override
  public void close() {
    cpu.close();
    for (AutoCloseable memory : toClose) {
      try {
        memory.close();
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
