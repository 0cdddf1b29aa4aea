package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.TensorType;

/** Attention with fewer and more keys than queries, and than a tile has. */
final class AttentionOpCases {
  private static final int MASKED_OR_NOT = 2;

  private final List<OpCase> cases;

  private AttentionOpCases(List<OpCase> cases) {
    this.cases = cases;
  }

  static void addTo(List<OpCase> cases) {
    AttentionOpCases attention = new AttentionOpCases(cases);
    attention.add(AttentionForm.of(1), 1, 1, 1, 1);
    attention.add(AttentionForm.of(3), 2, 17, 21, 5);
    attention.add(AttentionForm.of(2), 3, 300, 270, 20);
    attention.add(AttentionForm.of(6).withKeyValueHeads(2), 2, 17, 40, 7);
    attention.add(AttentionForm.of(2).withKeyValueHeads(1), 1, 270, 300, 20);
    attention.add(AttentionForm.of(2).withFused(), 2, 33, 33, 9);
    attention.add(AttentionForm.of(4).withKeyValueHeads(2).withFused(), 1, 270, 270, 16);
    AttentionForm positioned = AttentionForm.of(4).withKeyValueHeads(2).withPosition();
    attention.addPositioned(positioned, 3, 1, 300, 20);
    attention.addPositioned(positioned.withCausal(), 3, 1, 300, 20);
    attention.addPositioned(positioned.withCausal(), 2, 33, 330, 9);
    attention.addPositioned(positioned.withCausal().withMask(), 3, 20, 21, 5);
  }

  /** Positions are such as there are, or if there is a mask, as few as its values. */
  private void addPositioned(
      AttentionForm form, long batch, long queries, long keys, long headSize) {
    TensorType q = f32(batch, queries, form.heads() * headSize);
    TensorType k = f32(batch, keys, form.keyValueHeads() * headSize);
    List<TensorType> inputs = new ArrayList<>(List.of(q, k, k));
    if (form.masked()) {
      inputs.add(i32(batch, keys));
    }
    inputs.add(i32(batch));
    int positions = form.masked() ? MASKED_OR_NOT : (int) (keys - queries + 1);
    cases.add(new OpCase(new AttentionOp.Attention(form), positions, inputs));
  }

  private void add(AttentionForm plain, long batch, long queries, long keys, long headSize) {
    TensorType q = f32(batch, queries, plain.heads() * headSize);
    TensorType k = f32(batch, keys, plain.keyValueHeads() * headSize);
    TensorType qkv = f32(batch, keys, (plain.heads() + 2 * plain.keyValueHeads()) * headSize);
    TensorType normalizers = f32(batch, plain.heads(), queries, 2);
    for (boolean causal : new boolean[] {false, true}) {
      for (boolean masked : new boolean[] {false, true}) {
        AttentionForm form = causal ? plain.withCausal() : plain;
        List<TensorType> inputs = new ArrayList<>(plain.fused() ? List.of(qkv) : List.of(q, k, k));
        if (masked) {
          form = form.withMask();
          inputs.add(i32(batch, keys));
        }
        cases.add(new OpCase(new AttentionOp.Attention(form), MASKED_OR_NOT, List.copyOf(inputs)));
        inputs.addAll(List.of(q, normalizers, q));
        form = form.withScale(0.3f);
        cases.add(new OpCase(new AttentionOp.AttentionBackward(form), MASKED_OR_NOT, inputs));
      }
    }
  }
}
