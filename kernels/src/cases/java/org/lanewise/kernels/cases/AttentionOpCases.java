package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.TensorType;

/** Attention with fewer and more keys than queries, and than a tile has. */
final class AttentionOpCases {
  private static final int MASKED_OR_NOT = 2;

  private AttentionOpCases() {}

  static void addTo(List<OpCase> cases) {
    for (long[] size : new long[][] {{1, 1, 1, 1, 1}, {2, 3, 17, 21, 5}, {3, 2, 300, 270, 20}}) {
      TensorType q = f32(size[0], size[1], size[2], size[4]);
      TensorType k = f32(size[0], size[1], size[3], size[4]);
      TensorType normalizers = f32(size[0], size[1], size[2], 2);
      for (boolean causal : new boolean[] {false, true}) {
        for (boolean masked : new boolean[] {false, true}) {
          List<TensorType> inputs = new ArrayList<>(List.of(q, k, k));
          if (masked) {
            inputs.add(i32(size[0], size[3]));
          }
          cases.add(
              new OpCase(
                  new AttentionOp.Attention(causal, masked, AttentionOp.DEFAULT_SCALE),
                  MASKED_OR_NOT,
                  inputs));
          List<TensorType> all = new ArrayList<>(inputs);
          all.addAll(List.of(q, normalizers, q));
          cases.add(
              new OpCase(
                  new AttentionOp.AttentionBackward(causal, masked, 0.3f), MASKED_OR_NOT, all));
        }
      }
    }
  }
}
