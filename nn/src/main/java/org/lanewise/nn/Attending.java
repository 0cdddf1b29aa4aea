package org.lanewise.nn;

import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;

/**
 * Scaled dot-product attention (Vaswani et al., NeurIPS 2017): {@code softmax(q·kᵀ/√headSize)·v}
 * for each head, whose queries, keys and values are columns of rows as linear layers make them.
 */
public sealed interface Attending permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * Attention of each position of a sequence to the others. This tensor is q, k and v from one
   * product: [batch, length, 3 · heads · headSize].
   *
   * @return [batch, length, heads · headSize]
   */
  default Tensor selfAttention(int heads, AttentionPattern pattern) {
    return selfAttention(form(heads, pattern));
  }

  /**
   * Self-attention of a form: of fewer heads of keys and values, which several heads of queries
   * share (Ainslie et al., EMNLP 2023), or of another scale.
   *
   * <p>This tensor is [batch, length, (heads + 2 · keyValueHeads) · headSize].
   *
   * @return [batch, length, heads · headSize]
   */
  default Tensor selfAttention(AttentionForm form) {
    return self().trace().apply(new AttentionOp.Attention(form.withFused()), self());
  }

  /**
   * Self-attention to those positions that a mask leaves.
   *
   * @param mask i32 [batch, length], 0 for a position that no query sees
   */
  default Tensor selfAttention(AttentionForm form, Tensor mask) {
    return self()
        .trace()
        .apply(new AttentionOp.Attention(form.withFused().withMask()), self(), mask);
  }

  /** A form that is causal or not, with as many heads of keys as of queries. */
  private static AttentionForm form(int heads, AttentionPattern pattern) {
    AttentionForm form = AttentionForm.of(heads);
    return pattern == AttentionPattern.CAUSAL ? form.withCausal() : form;
  }
}
