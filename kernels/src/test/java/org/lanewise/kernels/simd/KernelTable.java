package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.lanewise.kernels.TestTensor;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.scalar.MathFunction;
import org.lanewise.kernels.scalar.ScalarActivationKernels;
import org.lanewise.kernels.scalar.ScalarFunctionKernels;
import org.lanewise.kernels.scalar.ScalarLossKernels;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.scalar.ScalarOptimizerKernels;
import org.lanewise.kernels.scalar.ScalarPhiloxKernels;
import org.lanewise.kernels.scalar.ScalarReductionKernels;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.activation.ActivationKernels;
import org.lanewise.kernels.simd.loss.LossKernels;
import org.lanewise.kernels.simd.math.FunctionKernels;
import org.lanewise.kernels.simd.math.TileFunctions;
import org.lanewise.kernels.simd.optimizer.OptimizerKernels;
import org.lanewise.kernels.simd.random.PhiloxKernels;
import org.lanewise.kernels.simd.reduction.ReductionKernels;
import org.lanewise.kernels.simd.softmax.SoftmaxKernels;

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

  /** A kernel with its twin. */
  record Kernel(String name, Axis axis, Call simd, Call scalar) {
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
      labels = TestTensor.labels(arena, rows, (int) Math.max(1, columns), 5).segment();
      indices = TestTensor.labels(arena, rows, (int) rows, 10).segment();
      lse = TestTensor.normal(arena, rows, 1, 6).segment();
      normalizers = TestTensor.normal(arena, 2 * rows, 1, 13).segment();
      scalars = TestTensor.of(arena, 1e-3f, 1.5f, 2.5f, 0.75f).segment();
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
      outputs = List.of(result, moment1, moment2, third, fourth);
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
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          new Kernel(
              "columnSums accumulate=" + accumulate,
              Axis.COLUMNS,
              (t, from, to) ->
                  ReductionKernels.columnSums(t.x, t.rows, t.columns, accumulate, t.out, from, to),
              (t, from, to) ->
                  ScalarReductionKernels.columnSums(
                      t.x, t.rows, t.columns, accumulate, t.out, from, to)));
    }
    return kernels;
  }

  private static void addActivations(List<Kernel> kernels) {
    for (Activation f : Activation.values()) {
      kernels.add(
          new Kernel(
              f + " forward",
              Axis.ELEMENTS,
              (t, from, to) -> ActivationKernels.forward(f, t.x, t.out, from, to),
              (t, from, to) -> ScalarActivationKernels.forward(f, t.x, t.out, from, to)));
      kernels.add(
          new Kernel(
              f + " forward in place",
              Axis.ELEMENTS,
              (t, from, to) -> ActivationKernels.forward(f, t.out, t.out, from, to),
              (t, from, to) -> ScalarActivationKernels.forward(f, t.out, t.out, from, to)));
      for (boolean accumulate : new boolean[] {false, true}) {
        kernels.add(
            new Kernel(
                f + " backward accumulate=" + accumulate,
                Axis.ELEMENTS,
                (t, from, to) ->
                    ActivationKernels.backward(f, accumulate, t.x, t.z, t.out, from, to),
                (t, from, to) ->
                    ScalarActivationKernels.backward(f, accumulate, t.x, t.z, t.out, from, to)));
      }
      kernels.add(
          new Kernel(
              f + " backward in place",
              Axis.ELEMENTS,
              (t, from, to) -> ActivationKernels.backward(f, false, t.x, t.out, t.out, from, to),
              (t, from, to) ->
                  ScalarActivationKernels.backward(f, false, t.x, t.out, t.out, from, to)));
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
        new Kernel(
            "softmax",
            Axis.ROWS,
            (t, from, to) -> SoftmaxKernels.softmax(t.x, t.out, t.columns, from, to),
            (t, from, to) -> ScalarSoftmaxKernels.softmax(t.x, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "softmax in place",
            Axis.ROWS,
            (t, from, to) -> SoftmaxKernels.softmax(t.out, t.out, t.columns, from, to),
            (t, from, to) -> ScalarSoftmaxKernels.softmax(t.out, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "normalizers",
            Axis.ROWS,
            (t, from, to) -> SoftmaxKernels.normalizers(t.x, t.out, t.columns, from, to),
            (t, from, to) -> ScalarSoftmaxKernels.normalizers(t.x, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "logSumExp",
            Axis.ROWS,
            (t, from, to) -> SoftmaxKernels.logSumExp(t.x, t.out, t.columns, from, to),
            (t, from, to) -> ScalarSoftmaxKernels.logSumExp(t.x, t.out, t.columns, from, to)));
  }

  private static void addLosses(List<Kernel> kernels) {
    kernels.add(
        new Kernel(
            "crossEntropyMean",
            Axis.WHOLE,
            (t, from, to) ->
                LossKernels.crossEntropyMean(
                    t.x, t.labels, t.normalizers, t.columns == 0 ? 0 : t.rows, t.columns, t.out),
            (t, from, to) ->
                ScalarLossKernels.crossEntropyMean(
                    t.x, t.labels, t.normalizers, t.columns == 0 ? 0 : t.rows, t.columns, t.out)));
    kernels.add(
        new Kernel(
            "crossEntropyBackward",
            Axis.ROWS,
            (t, from, to) ->
                LossKernels.crossEntropyBackward(
                    t.x, t.labels, t.normalizers, t.out, t.rows, t.columns, from, to),
            (t, from, to) ->
                ScalarLossKernels.crossEntropyBackward(
                    t.x, t.labels, t.normalizers, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "crossEntropyBackward in place",
            Axis.ROWS,
            (t, from, to) ->
                LossKernels.crossEntropyBackward(
                    t.out, t.labels, t.normalizers, t.out, t.rows, t.columns, from, to),
            (t, from, to) ->
                ScalarLossKernels.crossEntropyBackward(
                    t.out, t.labels, t.normalizers, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "crossEntropyRows",
            Axis.ROWS,
            (t, from, to) ->
                LossKernels.crossEntropyRows(t.x, t.labels, t.out, t.columns, from, to),
            (t, from, to) ->
                ScalarLossKernels.crossEntropyRows(t.x, t.labels, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "meanSquaredError",
            Axis.WHOLE,
            (t, from, to) -> LossKernels.meanSquaredError(t.x, t.z, t.size, t.out),
            (t, from, to) -> ScalarLossKernels.meanSquaredError(t.x, t.z, t.size, t.out)));
    kernels.add(
        new Kernel(
            "meanSquaredErrorBackward",
            Axis.ELEMENTS,
            (t, from, to) ->
                LossKernels.meanSquaredErrorBackward(t.x, t.z, t.out, t.size, from, to),
            (t, from, to) ->
                ScalarLossKernels.meanSquaredErrorBackward(t.x, t.z, t.out, t.size, from, to)));
  }

  private static void addOptimizers(List<Kernel> kernels) {
    for (UpdateOp.Sgd op :
        List.of(
            new UpdateOp.Sgd(0, false, 0),
            new UpdateOp.Sgd(0, false, 0.1),
            new UpdateOp.Sgd(0.9, false, 0),
            new UpdateOp.Sgd(0.9, true, 0.1))) {
      kernels.add(
          new Kernel(
              op.toString(),
              Axis.ELEMENTS,
              (t, from, to) -> OptimizerKernels.sgd(op, t.z, t.scalars, t.out, t.state1, from, to),
              (t, from, to) ->
                  ScalarOptimizerKernels.sgd(op, t.z, t.scalars, t.out, t.state1, from, to)));
    }
    for (UpdateOp.RmsProp op :
        List.of(new UpdateOp.RmsProp(0.99, 1e-8, 0), new UpdateOp.RmsProp(0.9, 1e-6, 0.1))) {
      kernels.add(
          new Kernel(
              op.toString(),
              Axis.ELEMENTS,
              (t, from, to) ->
                  OptimizerKernels.rmsProp(op, t.z, t.scalars, t.out, t.state2, from, to),
              (t, from, to) ->
                  ScalarOptimizerKernels.rmsProp(op, t.z, t.scalars, t.out, t.state2, from, to)));
    }
    for (UpdateOp.Adam op :
        List.of(
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0, false),
            new UpdateOp.Adam(0.8, 0.99, 1e-6, 0.1, false),
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.1, true))) {
      kernels.add(
          new Kernel(
              op.toString(),
              Axis.ELEMENTS,
              (t, from, to) ->
                  OptimizerKernels.adam(op, t.z, t.scalars, t.out, t.state1, t.state2, from, to),
              (t, from, to) ->
                  ScalarOptimizerKernels.adam(
                      op, t.z, t.scalars, t.out, t.state1, t.state2, from, to)));
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
