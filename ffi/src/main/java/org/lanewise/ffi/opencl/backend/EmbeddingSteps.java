package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.EmbeddingOp;

/** Embeddings on a device. */
final class EmbeddingSteps {
  private static final String FAULT =
      "index %d at position %d is not one of the %d rows of the weight";

  private EmbeddingSteps() {}

  static Step bind(EmbeddingOp op, Operands in, Operands out, Launcher launcher) {
    long rows = in.size(1);
    return switch (op) {
      case EmbeddingOp.Embedding _ -> {
        long columns = in.dimension(0, 1);
        yield launcher
            .kernel("embedding.cl", "gather")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(out.get(0))
            .number(rows)
            .number(columns)
            .integer(bound(in.dimension(0, 0)))
            .fault(FAULT)
            .overVectors(columns, rows, 1);
      }
      case EmbeddingOp.EmbeddingBackward(var vocabulary) -> {
        Operand dWeight = out.get(0);
        long columns = out.dimension(0, 1);
        int parts = launcher.isCpu() ? 16 : 64; // not more, as each reads all indices
        Step add =
            launcher
                .kernel("embedding.cl", "scatter_add")
                .tensor(in.get(0))
                .tensor(in.get(1))
                .tensor(dWeight)
                .number(rows)
                .number(columns)
                .integer(bound(vocabulary))
                .integer(parts)
                .fault(FAULT)
                .overVectors(columns, parts, 1);
        yield out.adds(0) ? add : launcher.sequence(launcher.fill(dWeight, 0), add);
      }
    };
  }

  /** What indices, which are ints, are less than. */
  private static int bound(long vocabulary) {
    return (int) Math.min(vocabulary, Integer.MAX_VALUE);
  }
}
