package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lanewise.kernels.TestTensor;
import org.lanewise.kernels.backend.cpu.SimdKernels;
import org.lanewise.kernels.backend.scalar.ScalarKernels;
import org.lanewise.kernels.host.HostKernels;
import org.lanewise.kernels.host.Repeated;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.scalar.MathFunction;
import org.lanewise.kernels.scalar.ScalarFunctionKernels;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.scalar.ScalarPhiloxKernels;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.math.FunctionKernels;
import org.lanewise.kernels.simd.math.TileFunctions;
import org.lanewise.kernels.simd.random.PhiloxKernels;

/** All kernels with their twins, in a form in which one test can run them all. */
final class KernelTable {
  private KernelTable() {}

  /** What a range of a kernel counts. */
  enum Axis {
    /** Elements of the matrix. */
    ELEMENTS,
    /** Rows of the matrix. */
    ROWS,
    /** Columns of the matrix. */
    COLUMNS,
    /** Nothing: the kernel takes all or nothing. */
    WHOLE
  }

  /** A call of a kernel. */
  @FunctionalInterface
  interface Call {
    void run(Tensors t, long from, long to);
  }

  /** A call of a kernel of either kind. */
  @FunctionalInterface
  interface HostCall {
    void run(HostKernels k, Tensors t, long from, long to);
  }

  /** A kernel with its twin. */
  record Kernel(String name, Axis axis, Call simd, Call scalar) {
    static Kernel of(String name, Axis axis, HostCall call) {
      return new Kernel(
          name,
          axis,
          (t, from, to) -> call.run(SimdKernels.ALL, t, from, to),
          (t, from, to) -> call.run(ScalarKernels.ALL, t, from, to));
    }

    /** The end of the range that covers the tensors. */
    long extent(Tensors t) {
      return switch (axis) {
        case ELEMENTS -> t.rows * t.columns;
        case ROWS -> t.rows;
        case COLUMNS -> t.columns;
        case WHOLE -> 1;
      };
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Operands for any kernel: matrices of which it takes those that it needs. */
  static final class Tensors {
    final long rows;
    final long columns;
    final long size;
    final MemorySegment x;
    final MemorySegment z;
    final MemorySegment longs;
    final MemorySegment labels;
    final MemorySegment indices;
    final MemorySegment lse;
    final MemorySegment normalizers;
    final MemorySegment scalars;
    final MemorySegment out;
    final MemorySegment state1;
    final MemorySegment state2;
    final MemorySegment state3;
    final MemorySegment state4;
    final MemorySegment mask;
    final MemorySegment y;
    final MemorySegment dy;
    final Map<Broadcast, Repeated> repeatedX;
    final Map<Broadcast, Repeated> repeatedY;
    final Map<Broadcast, Repeated> repeatedZ;
    private final List<TestTensor> outputs;

    Tensors(Arena arena, long rows, long columns, boolean specials) {
      this.rows = rows;
      this.columns = columns;
      size = rows * columns;
      TestTensor first = TestTensor.normal(arena, size, 4, 1);
      TestTensor second = TestTensor.normal(arena, size, 1, 2);
      if (specials) {
        first.withSpecials(7, 3);
        second.withSpecials(7, 4);
      }
      x = first.segment();
      z = second.segment();
      longs = z.asSlice(Math.min(z.byteSize(), -z.address() & (Long.BYTES - 1))); // z, but aligned
      labels = TestTensor.labels(arena, rows, (int) Math.max(1, columns), 5).segment();
      indices = TestTensor.labels(arena, rows, (int) rows, 10).segment();
      lse = TestTensor.normal(arena, rows, 1, 6).segment();
      normalizers = TestTensor.normal(arena, 2 * rows, 1, 13).segment();
      scalars = TestTensor.of(arena, 1e-3f, 1.5f, 2.5f).segment();
      TestTensor result = TestTensor.normal(arena, Math.max(Math.max(size, 2 * rows), 1), 1, 7);
      TestTensor moment1 = TestTensor.normal(arena, size, 1, 8);
      TestTensor moment2 = TestTensor.normal(arena, size, 1, 9);
      out = result.segment();
      state1 = moment1.segment();
      state2 = moment2.segment();
      for (long i = 0; i < size; i++) { // a mean of squares is not negative
        state2.setAtIndex(JAVA_FLOAT, i, Math.abs(state2.getAtIndex(JAVA_FLOAT, i)));
      }
      TestTensor third = TestTensor.normal(arena, size, 1, 10);
      TestTensor fourth = TestTensor.normal(arena, size, 1, 11);
      state3 = third.segment();
      state4 = fourth.segment();
      mask = TestTensor.labels(arena, size, 2, 12).segment();
      y = first.copy(arena).segment();
      dy = second.copy(arena).segment();
      for (long i = 0; i < size; i++) { // as of a softmax that excludes elements
        if (mask.getAtIndex(JAVA_INT, i) == 0) {
          y.setAtIndex(JAVA_FLOAT, i, 0f);
          dy.setAtIndex(JAVA_FLOAT, i, i % 2 == 0 ? Float.NaN : Float.POSITIVE_INFINITY);
        }
      }
      repeatedX = repeated(x);
      repeatedY = repeated(y);
      repeatedZ = repeated(z);
      outputs = List.of(result, moment1, moment2, third, fourth);
    }

    private Map<Broadcast, Repeated> repeated(MemorySegment elements) {
      Map<Broadcast, Repeated> all = new EnumMap<>(Broadcast.class);
      for (Broadcast broadcast : Broadcast.values()) {
        all.put(broadcast, new Repeated(elements, broadcast, columns));
      }
      return all;
    }

    /** The bits of everything that a kernel can write. */
    int[] bits() {
      return outputs.stream().map(TestTensor::bits).flatMapToInt(IntStream::of).toArray();
    }

    void assertGuardsIntact() {
      outputs.forEach(TestTensor::assertGuardsIntact);
    }
  }

  static List<Kernel> all() {
    List<Kernel> kernels = new ArrayList<>();
    addActivations(kernels);
    addFunctions(kernels);
    addTileFunctions(kernels);
    addRows(kernels);
    addLosses(kernels);
    addOptimizers(kernels);
    addRandom(kernels);
    SoftmaxKernelTable.addTo(kernels);
    NormKernelTable.addTo(kernels);
    LossKernelTable.addTo(kernels);
    BasicKernelTable.addTo(kernels);
    AttentionKernelTable.addTo(kernels);
    ConvolutionKernelTable.addTo(kernels);
    RecurrentKernelTable.addTo(kernels);
    ConversionKernelTable.addTo(kernels);
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          Kernel.of(
              "columnSums accumulate=" + accumulate,
              Axis.COLUMNS,
              (k, t, from, to) ->
                  k.reductions().columnSums(t.x, t.rows, t.columns, accumulate, t.out, from, to)));
    }
    return kernels;
  }

  private static void addActivations(List<Kernel> kernels) {
    for (Activation f : Activation.values()) {
      kernels.add(
          Kernel.of(
              f + " forward",
              Axis.ELEMENTS,
              (k, t, from, to) -> k.activations().forward(f, t.x, t.out, from, to)));
      kernels.add(
          Kernel.of(
              f + " forward in place",
              Axis.ELEMENTS,
              (k, t, from, to) -> k.activations().forward(f, t.out, t.out, from, to)));
      for (boolean accumulate : new boolean[] {false, true}) {
        kernels.add(
            Kernel.of(
                f + " backward accumulate=" + accumulate,
                Axis.ELEMENTS,
                (k, t, from, to) ->
                    k.activations().backward(f, accumulate, t.x, t.z, t.out, from, to)));
      }
      kernels.add(
          Kernel.of(
              f + " backward in place",
              Axis.ELEMENTS,
              (k, t, from, to) -> k.activations().backward(f, false, t.x, t.out, t.out, from, to)));
    }
  }

  private static void addFunctions(List<Kernel> kernels) {
    for (MathFunction f : MathFunction.values()) {
      kernels.add(
          new Kernel(
              f.toString(),
              Axis.ELEMENTS,
              (t, from, to) -> FunctionKernels.apply(f, t.x, t.out, from, to),
              (t, from, to) -> ScalarFunctionKernels.apply(f, t.x, t.out, from, to)));
    }
  }

  private static void addTileFunctions(List<Kernel> kernels) {
    kernels.add(tileFunction(Epilogue.Function.TANH, ScalarMath::tanh));
    kernels.add(tileFunction(Epilogue.Function.SILU, ScalarMath::silu));
    kernels.add(tileFunction(Epilogue.Function.GELU, ScalarMath::gelu));
    kernels.add(tileFunction(Epilogue.Function.GELU_TANH, ScalarMath::geluTanh));
  }

  @FunctionalInterface
  private interface Twin {
    float apply(float x);
  }

  /** A function on as many elements of x, copied to the output, as make a tile. */
  private static Kernel tileFunction(Epilogue.Function f, Twin scalar) {
    return new Kernel(
        "tile " + f,
        Axis.WHOLE,
        (t, from, to) -> {
          long count = Math.min(t.size - t.size % VirtualLanes.COUNT, Scratch.CHUNK);
          MemorySegment.copy(t.x, 0, t.out, 0, count * Float.BYTES);
          TileFunctions.apply(f, t.out, count);
        },
        (t, from, to) -> {
          long count = Math.min(t.size - t.size % VirtualLanes.COUNT, Scratch.CHUNK);
          for (long i = 0; i < count; i++) {
            t.out.setAtIndex(JAVA_FLOAT, i, scalar.apply(t.x.getAtIndex(JAVA_FLOAT, i)));
          }
        });
  }

  private static void addRows(List<Kernel> kernels) {
    kernels.add(
        Kernel.of(
            "softmax",
            Axis.ROWS,
            (k, t, from, to) -> k.softmax().softmax(t.x, t.out, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "softmax in place",
            Axis.ROWS,
            (k, t, from, to) -> k.softmax().softmax(t.out, t.out, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "normalizers",
            Axis.ROWS,
            (k, t, from, to) -> k.softmax().normalizers(t.x, t.out, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "logSumExp",
            Axis.ROWS,
            (k, t, from, to) -> k.softmax().logSumExp(t.x, t.out, t.columns, from, to)));
  }

  private static void addLosses(List<Kernel> kernels) {
    kernels.add(
        Kernel.of(
            "crossEntropyMean",
            Axis.WHOLE,
            (k, t, from, to) ->
                k.losses()
                    .crossEntropyMean(
                        t.x,
                        t.labels,
                        t.normalizers,
                        t.columns == 0 ? 0 : t.rows,
                        t.columns,
                        t.out)));
    kernels.add(
        Kernel.of(
            "crossEntropyBackward",
            Axis.ROWS,
            (k, t, from, to) ->
                k.losses()
                    .crossEntropyBackward(
                        t.x, t.labels, t.normalizers, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "crossEntropyBackward in place",
            Axis.ROWS,
            (k, t, from, to) ->
                k.losses()
                    .crossEntropyBackward(
                        t.out, t.labels, t.normalizers, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "crossEntropyRows",
            Axis.ROWS,
            (k, t, from, to) ->
                k.losses().crossEntropyRows(t.x, t.labels, t.out, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "meanSquaredError",
            Axis.WHOLE,
            (k, t, from, to) -> k.losses().meanSquaredError(t.x, t.z, t.size, t.out)));
    kernels.add(
        Kernel.of(
            "meanSquaredErrorBackward",
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.losses().meanSquaredErrorBackward(t.x, t.z, t.out, t.size, from, to)));
  }

  private static void addOptimizers(List<Kernel> kernels) {
    kernels.add(
        Kernel.of(
            "clip",
            Axis.ELEMENTS,
            (k, t, from, to) -> k.optimizers().clip(0.5f, t.z, 0.75f, t.out, from, to)));
    kernels.add(
        Kernel.of(
            "clip in place",
            Axis.ELEMENTS,
            (k, t, from, to) -> k.optimizers().clip(0.5f, t.out, 0.75f, t.out, from, to)));
    for (UpdateOp.Sgd op :
        List.of(
            new UpdateOp.Sgd(0, false, 0),
            new UpdateOp.Sgd(0, false, 0.1),
            new UpdateOp.Sgd(0.9, 0.1, false, 0),
            new UpdateOp.Sgd(0.9, true, 0.1))) {
      kernels.add(
          Kernel.of(
              op.toString(),
              Axis.ELEMENTS,
              (k, t, from, to) ->
                  k.optimizers().sgd(op, t.z, 0.75f, t.scalars, t.out, t.state1, from, to)));
    }
    for (UpdateOp.RmsProp op :
        List.of(
            new UpdateOp.RmsProp(0.99, 1e-8, 0),
            new UpdateOp.RmsProp(0.9, 1e-6, 0.1),
            new UpdateOp.RmsProp(0.9, 1e-6, 0.1, 0, true),
            new UpdateOp.RmsProp(0.9, 1e-6, 0.1, 0.8, false),
            new UpdateOp.RmsProp(0.9, 1e-6, 0.1, 0.8, true))) {
      kernels.add(
          Kernel.of(
              op.toString(),
              Axis.ELEMENTS,
              (k, t, from, to) ->
                  k.optimizers()
                      .rmsProp(
                          op, t.z, 0.75f, t.scalars, t.out, t.state2, t.state1, t.state3, from,
                          to)));
    }
    for (UpdateOp.Adam op :
        List.of(
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0, false),
            new UpdateOp.Adam(0.8, 0.99, 1e-6, 0.1, false),
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.1, true),
            new UpdateOp.Adam(0.8, 0.99, 1e-6, 0.1, true, true))) {
      kernels.add(
          Kernel.of(
              op.toString(),
              Axis.ELEMENTS,
              (k, t, from, to) ->
                  k.optimizers()
                      .adam(
                          op, t.z, 0.75f, t.scalars, t.out, t.state1, t.state2, t.state3, from,
                          to)));
    }
  }

  private static void addRandom(List<Kernel> kernels) {
    for (long offset : new long[] {0, (1L << 40) + 3}) {
      kernels.add(
          new Kernel(
              "uniform offset=" + offset,
              Axis.ELEMENTS,
              (t, from, to) -> PhiloxKernels.uniform(42, 7, offset, -1f, 2f, t.out, from, to),
              (t, from, to) ->
                  ScalarPhiloxKernels.uniform(42, 7, offset, -1f, 2f, t.out, from, to)));
      kernels.add(
          new Kernel(
              "normal offset=" + offset,
              Axis.ELEMENTS,
              (t, from, to) -> PhiloxKernels.normal(-42, -7, offset, 1f, 2f, t.out, from, to),
              (t, from, to) ->
                  ScalarPhiloxKernels.normal(-42, -7, offset, 1f, 2f, t.out, from, to)));
    }
  }
}
