package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.List;
import org.lanewise.kernels.op.EmbeddingOp;

/** Embeddings, whose indices repeat. */
final class EmbeddingOpCases {
  private EmbeddingOpCases() {}

  static void addTo(List<OpCase> cases) {
    for (int columns : new int[] {1, 17, 300}) {
      add(cases, 5, columns);
      add(cases, 101, columns);
    }
    cases.add(new OpCase(new EmbeddingOp.Embedding(), 7, List.of(f32(7, 3), i32(0))));
  }

  private static void add(List<OpCase> cases, int vocabulary, int columns) {
    cases.add(
        new OpCase(
            new EmbeddingOp.Embedding(),
            vocabulary,
            List.of(f32(vocabulary, columns), i32(9, 70))));
    cases.add(
        new OpCase(
            new EmbeddingOp.EmbeddingBackward(vocabulary),
            vocabulary,
            List.of(f32(9, 70, columns), i32(9, 70))));
  }
}
