package org.lanewise.bench.gemm;

import java.lang.foreign.MemorySegment;
import org.lanewise.bench.cli.UserException;
import org.lanewise.kernels.Gemm;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;

/** Lanewise's own product. The only place of this package that knows its interface. */
public final class LanewiseGemm implements Implementation {
  /** The name in tables. */
  public static final String NAME = "lanewise";

  private final Memory memory;
  private WorkerPool pool = new WorkerPool(1);

  /** Products of matrices of a type, in the given kind of memory. */
  public LanewiseGemm(Type type, Memory memory) {
    if (type == Type.F64) {
      throw new UserException("--type f64: Lanewise multiplies f32 only, as yet");
    }
    if (memory == Memory.HEAP) {
      throw new UserException("--memory heap: Lanewise multiplies native matrices only, as yet");
    }
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
    Shape shape = operands.shape();
    Transpose transA = transpose(shape.trans().a());
    Transpose transB = transpose(shape.trans().b());
    MemorySegment a = operands.a();
    MemorySegment b = operands.b();
    MemorySegment c = operands.c();
    WorkerPool threads = pool;
    return () ->
        Gemm.sgemm(
            threads,
            transA,
            transB,
            shape.m(),
            shape.n(),
            shape.k(),
            1f,
            a,
            shape.lda(),
            b,
            shape.ldb(),
            0f,
            c,
            shape.ldc(),
            Epilogue.NONE,
            null);
  }

  private static Transpose transpose(boolean transposed) {
    return transposed ? Transpose.YES : Transpose.NO;
  }

  @Override
  public void close() {
    pool.close();
  }
}
