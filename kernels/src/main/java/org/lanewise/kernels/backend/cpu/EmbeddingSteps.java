package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.host.EmbeddingKernels;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.layout.SimdEmbeddingKernels;
import org.lanewise.kernels.simd.layout.SimdLayoutKernels;

/** Embeddings with the SIMD kernels. */
final class EmbeddingSteps {
  private EmbeddingSteps() {}

  static Step bind(EmbeddingOp op, Operands in, Operands out, WorkerPool pool) {
    boolean accumulate = out.adds(0);
    return switch (op) {
      case EmbeddingOp.Embedding _ -> gather(in, out, pool);
      case EmbeddingOp.EmbeddingBackward(var vocabulary) ->
          scatter(vocabulary, accumulate, in, out, pool);
    };
  }

  private static Step gather(Operands in, Operands out, WorkerPool pool) {
    MemorySegment weight = in.segment(0);
    MemorySegment indices = in.segment(1);
    MemorySegment y = out.segment(0);
    long vocabulary = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    long rows = in.size(1);
    RangeTask task =
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                SimdEmbeddingKernels.INSTANCE.gather(weight, indices, columns, y, from, to));
    return () -> {
      EmbeddingKernels.checkIndices(indices, rows, vocabulary);
      task.run(pool);
    };
  }

  private static Step scatter(
      long vocabulary, boolean accumulate, Operands in, Operands out, WorkerPool pool) {
    MemorySegment dy = in.segment(0);
    MemorySegment indices = in.segment(1);
    MemorySegment dWeight = out.segment(0);
    long columns = out.dimension(0, 1);
    long rows = in.size(1);
    RangeTask clear =
        RangeTask.overElements(
            accumulate ? 0 : out.size(0),
            (from, to) -> SimdLayoutKernels.INSTANCE.fill(dWeight, 0f, from, to));
    RangeTask task =
        RangeTask.overColumns(
            rows,
            columns,
            (from, to) ->
                SimdEmbeddingKernels.INSTANCE.scatterAdd(
                    dy, indices, rows, columns, dWeight, from, to));
    return () -> {
      EmbeddingKernels.checkIndices(indices, rows, vocabulary);
      clear.run(pool);
      task.run(pool);
    };
  }
}
