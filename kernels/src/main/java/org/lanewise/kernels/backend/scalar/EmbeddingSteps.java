package org.lanewise.kernels.backend.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.host.EmbeddingKernels;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.scalar.ScalarEmbeddingKernels;
import org.lanewise.kernels.scalar.ScalarLayoutKernels;

/** Embeddings with the scalar twins. */
final class EmbeddingSteps {
  private EmbeddingSteps() {}

  static Step bind(EmbeddingOp op, Operands in, Operands out) {
    boolean accumulate = out.adds(0);
    MemorySegment indices = in.segment(1);
    MemorySegment result = out.segment(0);
    long rows = in.size(1);
    return switch (op) {
      case EmbeddingOp.Embedding _ ->
          () -> {
            EmbeddingKernels.checkIndices(indices, rows, in.dimension(0, 0));
            ScalarEmbeddingKernels.INSTANCE.gather(
                in.segment(0), indices, in.dimension(0, 1), result, 0, rows);
          };
      case EmbeddingOp.EmbeddingBackward(var vocabulary) ->
          () -> {
            EmbeddingKernels.checkIndices(indices, rows, vocabulary);
            if (!accumulate) {
              ScalarLayoutKernels.INSTANCE.fill(result, 0f, 0, out.size(0));
            }
            long columns = out.dimension(0, 1);
            ScalarEmbeddingKernels.INSTANCE.scatterAdd(
                in.segment(0), indices, rows, columns, result, 0, columns);
          };
    };
  }
}
