package org.lanewise.bench.gemm;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.Gemm;
import org.lanewise.kernels.parallel.WorkerPool;

/** Lanewise's own product. The only place of this package that knows its interface. */
public final class LanewiseGemm implements Implementation {
  /** The name in tables. */
  public static final String NAME = "lanewise";

  private final Memory memory;
  private WorkerPool pool = new WorkerPool(1);

  /** Products of matrices in the given kind of memory. */
  public LanewiseGemm(Memory memory) {
    this.memory = memory;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public void setThreads(int threads) {
    if (threads != pool.threads()) {
      pool.close();
      pool = new WorkerPool(threads);
    }
  }

  @Override
  public Runnable product(Operands operands) {
    Gemm gemm = describe(operands.shape());
    MemorySegment a = operands.a();
    MemorySegment b = operands.b();
    MemorySegment c = operands.c();
    if (memory == Memory.NATIVE) {
      return operands.type() == Type.F32 ? () -> gemm.sgemm(a, b, c) : () -> gemm.dgemm(a, b, c);
    }
    if (operands.type() == Type.F32) {
      float[] x = (float[]) array(a);
      float[] y = (float[]) array(b);
      float[] z = (float[]) array(c);
      return () -> gemm.sgemm(x, y, z);
    }
    double[] x = (double[]) array(a);
    double[] y = (double[]) array(b);
    double[] z = (double[]) array(c);
    return () -> gemm.dgemm(x, y, z);
  }

  private Gemm describe(Shape shape) {
    Gemm gemm =
        Gemm.of(shape.m(), shape.n(), shape.k())
            .leadingDimensions(shape.lda(), shape.ldb(), shape.ldc())
            .on(pool);
    if (shape.trans().a()) {
      gemm.transposeA();
    }
    if (shape.trans().b()) {
      gemm.transposeB();
    }
    return gemm;
  }

  private static Object array(MemorySegment matrix) {
    return matrix.heapBase().orElseThrow();
  }

  @Override
  public void close() {
    pool.close();
  }
}
