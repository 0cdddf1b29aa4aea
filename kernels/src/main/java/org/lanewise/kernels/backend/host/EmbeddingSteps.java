package org.lanewise.kernels.backend.host;

import static org.lanewise.kernels.host.EmbeddingKernels.LINE_COLUMNS;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.EmbeddingKernels;
import org.lanewise.kernels.host.LayoutKernels;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Embeddings. */
record EmbeddingSteps(EmbeddingKernels embeddings, LayoutKernels layouts) {
  PoolRunnable bind(EmbeddingOp op, Operands in, Operands out) {
    return switch (op) {
      case EmbeddingOp.Embedding _ -> gather(in, out);
      case EmbeddingOp.EmbeddingBackward(var vocabulary) -> scatter(vocabulary, in, out);
    };
  }

  private PoolRunnable gather(Operands in, Operands out) {
    MemorySegment weight = in.segment(0);
    MemorySegment indices = in.segment(1);
    MemorySegment y = out.segment(0);
    long vocabulary = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    long rows = in.size(1);
    RangeTask task =
        RangeTask.overRows(
            rows, columns, (from, to) -> embeddings.gather(weight, indices, columns, y, from, to));
    return pool -> {
      EmbeddingKernels.checkIndices(indices, rows, vocabulary);
      task.run(pool);
    };
  }

  private PoolRunnable scatter(long vocabulary, Operands in, Operands out) {
    MemorySegment dy = in.segment(0);
    MemorySegment indices = in.segment(1);
    MemorySegment dWeight = out.segment(0);
    long columns = out.dimension(0, 1);
    long rows = in.size(1);
    RangeTask clear =
        RangeTask.overElements(
            out.adds(0) ? 0 : out.size(0), (from, to) -> layouts.fill(dWeight, 0f, from, to));
    RangeTask task =
        RangeTask.overItems(
            Math.ceilDiv(columns, LINE_COLUMNS),
            (double) rows * LINE_COLUMNS,
            (from, to) ->
                embeddings.scatterAdd(
                    dy,
                    indices,
                    rows,
                    columns,
                    dWeight,
                    from * LINE_COLUMNS,
                    Math.min(columns, to * LINE_COLUMNS)));
    return pool -> {
      EmbeddingKernels.checkIndices(indices, rows, vocabulary);
      clear.run(pool);
      task.run(pool);
    };
  }
}
