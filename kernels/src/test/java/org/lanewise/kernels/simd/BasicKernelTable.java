package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.lanewise.kernels.backend.cpu.SimdKernels;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.host.BlasKernelsF64;
import org.lanewise.kernels.host.HostKernels;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarBlasKernelsF64;
import org.lanewise.kernels.scalar.ScalarPermutationKernels;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.KernelTable.Tensors;
import org.lanewise.kernels.simd.elementwise.SimdBlasKernelsF64;
import org.lanewise.kernels.simd.layout.PermutePlan;
import org.lanewise.kernels.simd.layout.SimdLayoutKernels;

/** Elementwise functions, sums, embeddings, dropout, layouts and Adagrad, with their twins. */
final class BasicKernelTable {
  private static final WorkerPool ONE_THREAD = new WorkerPool(1);

  private BasicKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    for (BinaryFunction f : BinaryFunction.values()) {
      for (Broadcast broadcast : Broadcast.values()) {
        addBinary(kernels, f, broadcast, false);
      }
      addBinary(kernels, f, Broadcast.COLUMN, true);
      if (!f.isComparison()) {
        addGradients(kernels, f, Broadcast.NONE, false);
        addGradients(kernels, f, Broadcast.ROW, true);
      }
    }
    for (Broadcast broadcast : Broadcast.values()) {
      addWhere(kernels, broadcast, Broadcast.NONE, Broadcast.ROW);
      addWhere(kernels, Broadcast.ROW, broadcast, Broadcast.NONE);
      addWhere(kernels, Broadcast.NONE, Broadcast.COLUMN, broadcast);
    }
    addRepeats(kernels);
    addSums(kernels);
    addSumsF64(kernels);
    addRows(kernels);
    addEmbeddings(kernels);
    addDropout(kernels);
    addLayouts(kernels);
    kernels.add(
        Kernel.of(
            "adagrad",
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.optimizers()
                    .adagrad(1e-10, 0.1, t.z, 0.75f, t.scalars, t.out, t.state2, from, to)));
  }

  private static void addBinary(
      List<Kernel> kernels, BinaryFunction f, Broadcast broadcast, boolean accumulate) {
    String name = "%s broadcast=%s accumulate=%s".formatted(f, broadcast, accumulate);
    kernels.add(
        Kernel.of(
            name,
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.elementwise()
                    .binary(f, broadcast, accumulate, t.columns, t.x, t.z, t.out, from, to)));
  }

  private static void addWhere(
      List<Kernel> kernels, Broadcast ofCondition, Broadcast ofX, Broadcast ofY) {
    kernels.add(
        Kernel.of(
            "where of condition=%s x=%s y=%s".formatted(ofCondition, ofX, ofY),
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.elementwise()
                    .where(
                        t.repeatedY.get(ofCondition),
                        t.repeatedX.get(ofX),
                        t.repeatedZ.get(ofY),
                        t.out,
                        from,
                        to)));
  }

  private static void addGradients(
      List<Kernel> kernels, BinaryFunction f, Broadcast broadcast, boolean accumulate) {
    String name = "%s broadcast=%s accumulate=%s".formatted(f, broadcast, accumulate);
    kernels.add(
        Kernel.of(
            name + " gradientX",
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.elementwise()
                    .gradientX(
                        f, broadcast, accumulate, t.columns, t.x, t.z, t.state1, t.out, from, to)));
    kernels.add(
        Kernel.of(
            name + " gradientY",
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.elementwise()
                    .gradientY(
                        f, broadcast, accumulate, t.columns, t.x, t.z, t.state1, t.out, from, to)));
  }

  private static void addRepeats(List<Kernel> kernels) {
    for (Broadcast broadcast : Broadcast.values()) {
      for (boolean accumulate : new boolean[] {false, true}) {
        kernels.add(
            Kernel.of(
                "repeat broadcast=%s accumulate=%s".formatted(broadcast, accumulate),
                Axis.ELEMENTS,
                (k, t, from, to) ->
                    k.elementwise()
                        .repeat(broadcast, 0.3f, accumulate, t.columns, t.z, t.out, from, to)));
      }
    }
  }

  /** The sums over the blocks of a vector. */
  @FunctionalInterface
  private interface Sums {
    void run(HostKernels k, Tensors t, double[] sums, long blockFrom, long blockTo);
  }

  /** A kernel that writes sums over blocks, which go to the output. */
  private static Kernel sums(String name, int block, Sums kernel) {
    double[] sums = new double[1 << 10];
    return Kernel.of(name, Axis.WHOLE, (k, t, from, to) -> writeSums(k, t, block, kernel, sums));
  }

  private static void writeSums(HostKernels k, Tensors t, int block, Sums kernel, double[] sums) {
    int blocks = Math.toIntExact(Math.ceilDiv(t.size, block));
    kernel.run(k, t, sums, 0, blocks / 2);
    kernel.run(k, t, sums, blocks / 2, blocks);
    for (int b = 0; b < blocks; b++) {
      t.out.setAtIndex(JAVA_FLOAT, b, (float) sums[b]);
      t.state1.setAtIndex(JAVA_FLOAT, b, (float) (sums[b] - (float) sums[b]));
    }
  }

  private static void addSums(List<Kernel> kernels) {
    int block = BlasKernels.BLOCK;
    kernels.add(
        sums("sums", block, (k, t, sums, from, to) -> k.blas().sums(t.x, t.size, sums, from, to)));
    kernels.add(
        sums(
            "dots",
            block,
            (k, t, sums, from, to) -> k.blas().dots(t.x, t.z, t.size, sums, from, to)));
    for (float scale : new float[] {1f, 0x1p-70f}) {
      kernels.add(
          sums(
              "squares scale=" + scale,
              block,
              (k, t, sums, from, to) -> k.blas().squares(t.x, scale, t.size, sums, from, to)));
    }
    kernels.add(
        Kernel.of(
            "axpy", Axis.ELEMENTS, (k, t, from, to) -> k.blas().axpy(0.3f, t.x, t.out, from, to)));
    kernels.add(
        Kernel.of(
            "scal", Axis.ELEMENTS, (k, t, from, to) -> k.blas().scal(0.3f, t.x, t.out, from, to)));
    kernels.add(
        Kernel.of(
            "scal in place",
            Axis.ELEMENTS,
            (k, t, from, to) -> k.blas().scal(0.3f, t.out, t.out, from, to)));
  }

  /** Vectors of f64 as large as any tensor in these tests. */
  private static final class Doubles {
    static final int SIZE = 1 << 17;
    static final MemorySegment X = normal(1);
    static final MemorySegment Y = normal(2);
    static final MemorySegment OUT = normal(3);

    private static MemorySegment normal(long seed) {
      MemorySegment values = Arena.ofAuto().allocate(SIZE * Double.BYTES, 64);
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < SIZE; i++) {
        values.setAtIndex(JAVA_DOUBLE, i, random.nextGaussian());
      }
      return values;
    }
  }

  @FunctionalInterface
  private interface Update {
    void run(BlasKernelsF64 k, MemorySegment y, long from, long to);
  }

  /**
   * A kernel on a vector of f64, whose bits go to the output, half of an element to each tensor.
   */
  private static Kernel updateF64(String name, Update kernel) {
    return Kernel.of(
        name, Axis.ELEMENTS, (k, t, from, to) -> update(blasF64(k), t, kernel, from, to));
  }

  private static BlasKernelsF64 blasF64(HostKernels k) {
    return k == SimdKernels.ALL ? SimdBlasKernelsF64.INSTANCE : ScalarBlasKernelsF64.INSTANCE;
  }

  private static void update(BlasKernelsF64 k, Tensors t, Update kernel, long from, long to) {
    MemorySegment.copy(
        Doubles.Y,
        from * Double.BYTES,
        Doubles.OUT,
        from * Double.BYTES,
        (to - from) * Double.BYTES);
    kernel.run(k, Doubles.OUT, from, to);
    for (long i = from; i < to; i++) {
      double value = Doubles.OUT.getAtIndex(JAVA_DOUBLE, i);
      t.out.setAtIndex(JAVA_FLOAT, i, (float) value);
      t.state1.setAtIndex(JAVA_FLOAT, i, (float) (value - (float) value));
    }
  }

  private static void addSumsF64(List<Kernel> kernels) {
    int block = BlasKernelsF64.BLOCK;
    kernels.add(
        sums(
            "sums f64",
            block,
            (k, t, sums, from, to) -> blasF64(k).sums(Doubles.X, t.size, sums, from, to)));
    kernels.add(
        sums(
            "dots f64",
            block,
            (k, t, sums, from, to) ->
                blasF64(k).dots(Doubles.X, Doubles.Y, t.size, sums, from, to)));
    kernels.add(
        sums(
            "squares f64",
            block,
            (k, t, sums, from, to) -> blasF64(k).squares(Doubles.X, 0.5, t.size, sums, from, to)));
    kernels.add(updateF64("axpy f64", (k, y, from, to) -> k.axpy(0.3, Doubles.X, y, from, to)));
    kernels.add(updateF64("scal f64", (k, y, from, to) -> k.scal(0.3, y, y, from, to)));
  }

  private static void addRows(List<Kernel> kernels) {
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          Kernel.of(
              "rowSums accumulate=" + accumulate,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.reductions().rowSums(t.x, t.columns, accumulate, t.out, from, to)));
    }
    for (boolean largest : new boolean[] {false, true}) {
      kernels.add(
          Kernel.of(
              "row values largest=" + largest,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.rowExtrema()
                      .values(largest, t.x, t.columns, t.out, from, t.columns == 0 ? from : to)));
      kernels.add(
          Kernel.of(
              "row indices largest=" + largest,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.rowExtrema()
                      .indices(largest, t.x, t.columns, t.out, from, t.columns == 0 ? from : to)));
    }
  }

  private static void addEmbeddings(List<Kernel> kernels) {
    kernels.add(
        Kernel.of(
            "gather",
            Axis.ROWS,
            (k, t, from, to) -> k.embeddings().gather(t.x, t.indices, t.columns, t.out, from, to)));
    kernels.add(
        Kernel.of(
            "scatterAdd",
            Axis.COLUMNS,
            (k, t, from, to) ->
                k.embeddings().scatterAdd(t.x, t.indices, t.rows, t.columns, t.out, from, to)));
  }

  private static void addDropout(List<Kernel> kernels) {
    for (float p : new float[] {0f, 0.3f, Math.nextDown(1f)}) {
      kernels.add(
          Kernel.of(
              "dropout p=" + p,
              Axis.ELEMENTS,
              (k, t, from, to) -> k.dropout().dropout(42, -7, p, t.x, t.out, from, to)));
      kernels.add(
          Kernel.of(
              "dropout accumulate=true p=" + p,
              Axis.ELEMENTS,
              (k, t, from, to) -> k.dropout().addDropout(42, -7, p, t.x, t.out, from, to)));
    }
    kernels.add(
        Kernel.of(
            "dropout in place",
            Axis.ELEMENTS,
            (k, t, from, to) -> k.dropout().dropout(-42, 7, 0.5f, t.out, t.out, from, to)));
  }

  private static void addLayouts(List<Kernel> kernels) {
    kernels.add(
        Kernel.of(
            "fill", Axis.ELEMENTS, (k, t, from, to) -> k.layouts().fill(t.out, 3f, from, to)));
    for (boolean accumulate : new boolean[] {false, true}) {
      for (int part = 1; part <= 3; part++) { // a third of the columns, and so on
        int thirds = part;
        kernels.add(
            Kernel.of(
                "copyBlock thirds=%d accumulate=%s".formatted(thirds, accumulate),
                Axis.ROWS,
                (k, t, from, to) -> {
                  long columns = t.columns * thirds / 3;
                  long offset = t.columns - columns;
                  k.layouts()
                      .copyBlock(
                          accumulate, columns, t.x, 0, columns, t.out, offset, t.columns, from, to);
                }));
      }
    }
    kernels.add(
        Kernel.of(
            "pad",
            Axis.ROWS,
            (k, t, from, to) -> {
              long left = t.columns / 4;
              long right = t.columns / 3;
              k.layouts()
                  .pad(
                      t.x,
                      t.rows - 2,
                      t.columns - left - right,
                      1,
                      left,
                      right,
                      7f,
                      t.out,
                      from,
                      to);
            }));
    int[][] permutations = {
      {0, 1, 2, 3},
      {0, 2, 1, 3},
      {0, 1, 3, 2},
      {3, 2, 1, 0},
      {2, 0, 3, 1},
      {3, 0, 1, 2},
      {1, 3, 0, 2}
    };
    for (int[] axes : permutations) {
      kernels.add(permutation(axes));
    }
  }

  /** Takes the elements as a tensor of as many rows, 1, and the rest in two parts. */
  private static Kernel permutation(int[] axes) {
    Plans plans = new Plans(axes);
    return new Kernel(
        "permute %d%d%d%d".formatted(axes[0], axes[1], axes[2], axes[3]),
        Axis.WHOLE,
        (t, from, to) -> {
          if (t.size > 0) {
            PermutePlan plan = plans.of(t);
            long middle = plan.lines() / 3;
            SimdLayoutKernels.permute(plan, t.x, t.out, middle, plan.lines());
            SimdLayoutKernels.permute(plan, t.x, t.out, 0, middle);
          }
        },
        (t, from, to) -> {
          if (t.size > 0) {
            ScalarPermutationKernels.INSTANCE
                .permute(Plans.sizes(t), axes, t.x, t.out)
                .run(ONE_THREAD);
          }
        });
  }

  /** The plan for the tensors that it was last needed for, as making one allocates. */
  private static final class Plans {
    private final int[] axes;
    private Tensors tensors;
    private PermutePlan plan;

    Plans(int[] axes) {
      this.axes = axes;
    }

    PermutePlan of(Tensors t) {
      if (tensors != t) {
        tensors = t;
        plan = new PermutePlan(sizes(t), axes);
      }
      return plan;
    }

    static long[] sizes(Tensors t) {
      long part = (long) Math.sqrt(t.columns);
      while (t.columns % part != 0) {
        part--;
      }
      return new long[] {t.rows, part, 1, t.columns / part};
    }
  }
}
