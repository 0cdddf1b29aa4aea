package org.lanewise.bench.ops;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.parallel.WorkerPool;

/** An op with operands, in native memory or in arrays, checked once. */
final class BoundCase implements AutoCloseable {
  private static final float SPREAD = 2;

  private final Backend cpu;
  private final WorkerPool pool;
  private final Step step;
  private final Object[] inputs;
  private final Object[] outputs;
  private final OpCase c;

  /**
   * Binds a case.
   *
   * @throws IllegalStateException if the results are not those of the scalar twin, bit for bit
   */
  BoundCase(OpCase c, int threads) {
    this.c = c;
    cpu = Backends.open("cpu", threads);
    pool = new WorkerPool(threads);
    List<Operand> bound = operands(cpu, c.inputs(), 1);
    List<Operand> results = operands(cpu, ShapeRule.outputs(c.op(), c.inputs()), 2);
    inputs = arrays(bound);
    outputs = arrays(results);
    step = cpu.bind(c.op(), bound, results);
    List<float[]> expected = expected();
    step.run();
    check("native", results.stream().map(BoundCase::floats).toList(), expected);
    if (c.arrays() != null) {
      c.arrays().run(pool, inputs, outputs);
      check("arrays", Arrays.stream(outputs).map(float[].class::cast).toList(), expected);
    }
  }

  private List<float[]> expected() {
    try (Backend scalar = Backends.open("scalar", 1)) {
      List<Operand> bound = operands(scalar, c.inputs(), 1);
      List<Operand> results = operands(scalar, ShapeRule.outputs(c.op(), c.inputs()), 2);
      scalar.bind(c.op(), bound, results).run();
      return results.stream().map(BoundCase::floats).toList();
    }
  }

  private void check(String memory, List<float[]> actual, List<float[]> expected) {
    for (int i = 0; i < expected.size(); i++) {
      int at = Arrays.mismatch(actual.get(i), expected.get(i));
      if (at >= 0) {
        throw new IllegalStateException(
            "%s, %s: output %d differs from the scalar twin at %d: %s instead of %s"
                .formatted(c, memory, i, at, actual.get(i)[at], expected.get(i)[at]));
      }
    }
  }

  /** Runs the op in native memory. */
  void runNative() {
    step.run();
  }

  /** Runs the op on arrays. */
  void runArrays() {
    c.arrays().run(pool, inputs, outputs);
  }

  /** Tensors with reproducible elements; those of outputs are not negative, as moments are. */
  private static List<Operand> operands(Backend backend, List<TensorType> types, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Operand> operands = new ArrayList<>();
    for (TensorType type : types) {
      Operand operand = new Operand(backend.allocate(type.byteSize()), 0, type);
      try (Arena arena = Arena.ofShared()) {
        MemorySegment values = arena.allocate(type.byteSize(), Float.BYTES);
        for (long i = 0; i < type.byteSize() / Float.BYTES; i++) {
          switch (type.dtype()) {
            case F32 -> {
              float value = (random.nextFloat() - (seed == 1 ? 0.5f : 0f)) * 2 * SPREAD;
              values.setAtIndex(JAVA_FLOAT, i, value);
            }
            case I32 -> values.setAtIndex(JAVA_INT, i, random.nextInt(OpCases.CLASSES));
            case U8, I64, F16, BF16 -> values.setAtIndex(JAVA_INT, i, random.nextInt());
          }
        }
        operand.buffer().write(0, values, 0, type.byteSize());
      }
      operands.add(operand);
    }
    return operands;
  }

  private static Object[] arrays(List<Operand> operands) {
    return operands.stream()
        .map(o -> o.type().dtype() == DType.I32 ? (Object) ints(o) : floats(o))
        .toArray();
  }

  private static float[] floats(Operand operand) {
    try (Arena arena = Arena.ofShared()) {
      return read(operand, arena).toArray(JAVA_FLOAT);
    }
  }

  private static int[] ints(Operand operand) {
    try (Arena arena = Arena.ofShared()) {
      return read(operand, arena).toArray(JAVA_INT);
    }
  }

  private static MemorySegment read(Operand operand, Arena arena) {
    MemorySegment values = arena.allocate(operand.type().byteSize(), Float.BYTES);
    operand.buffer().read(operand.offset(), values, 0, values.byteSize());
    return values;
  }

  @Override
  public void close() {
    cpu.close();
    pool.close();
  }
}
