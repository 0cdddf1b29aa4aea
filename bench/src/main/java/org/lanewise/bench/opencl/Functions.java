package org.lanewise.bench.opencl;

import static org.lanewise.kernels.op.TensorType.f32;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.lanewise.ffi.opencl.backend.OpenClBackend;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Op;

/** A multiple, which costs what a copy does, and all activations, of 64 MB. */
final class Functions {
  private static final int SIZE = 1 << 24;

  private final List<String> names = new ArrayList<>();
  private final List<Runnable> all = new ArrayList<>();

  Functions(OpenClBackend opencl) {
    Operand x = new Operand(opencl.allocate(f32(SIZE).byteSize()), 0, f32(SIZE));
    Operand y = new Operand(opencl.allocate(f32(SIZE).byteSize()), 0, f32(SIZE));
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (float) random.nextGaussian() * 3;
    }
    x.buffer().write(0, MemorySegment.ofArray(values), 0, f32(SIZE).byteSize());
    add("copy", ElementwiseOp.Scale.COPY, x, y, opencl);
    for (Activation function : Activation.values()) {
      add(function.toString(), new ActivationOp.Activate(function), x, y, opencl);
    }
  }

  private void add(String name, Op op, Operand x, Operand y, OpenClBackend opencl) {
    Step step = opencl.bind(op, List.of(x), List.of(y));
    names.add(name);
    all.add(() -> {
      step.run();
      opencl.context().queue().finish();
    });
  }

  List<String> names() {
    return names;
  }

  List<Runnable> all() {
    return all;
  }

  /** Bytes that each reads and writes. */
  double bytes() {
    return 2.0 * f32(SIZE).byteSize();
  }
}
