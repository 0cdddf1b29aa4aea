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
    return selfAttention(pattern.form(heads));
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

  /**
   * Self-attention of some tokens of a text, to those before them, whose keys and values are in a
   * cache, and to each other: theirs are written there first. It has the bits of attention to the
   * whole text at once, and no gradient.
   *
   * @param form causal, unless the tokens are to see later ones of theirs
   * @param position i32 [batch], of the first of the tokens in the text of each sample
   * @see #selfAttention(AttentionForm)
   */
  default Tensor selfAttention(AttentionForm form, KeyValueCache cache, Tensor position) {
    long width = cache.keys().shape().dimension(2);
    long all = self().shape().dimension(2);
    return Tensor.attention(
        self().slice(2, 0, all - 2 * width),
        self().slice(2, all - 2 * width, all - width),
        self().slice(2, all - width, all),
        form,
        cache,
        position);
  }
}
