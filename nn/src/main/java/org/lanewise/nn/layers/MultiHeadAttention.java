package org.lanewise.nn.layers;

import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Name;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Multi-head attention (Vaswani et al., NeurIPS 2017) with the parameters of PyTorch's
 * nn.MultiheadAttention, and batches first: queries, keys and values are linear functions of their
 * sources, and so is the result of what the heads find. Attention to oneself reads q, k and v from
 * one product, without copies; that to others copies its part of the weight.
 *
 * <p>No weights of attention are dropped in training, as they are never stored: PyTorch's dropout
 * of them has no counterpart, and a block drops elements of the result instead.
 *
 * @param inProjectionWeight [3 · width, width], of the queries, the keys and the values
 * @param inProjectionBias [3 · width]
 * @param outProjection of the heads' results, [width, width]
 * @param heads that divide the width
 */
public record MultiHeadAttention(
    @Name("in_proj_weight") Parameter inProjectionWeight,
    @Name("in_proj_bias") Parameter inProjectionBias,
    @Name("out_proj") Linear outProjection,
    int heads)
    implements Layer {
  private static final int PARTS = 3;

  /** Attention of each position of x [batch, length, width] to all of them. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, AttentionPattern.FULL);
  }

  /** Attention of each position of x [batch, length, width] to all or to those not later. */
  public Tensor forward(Tensor x, AttentionPattern pattern) {
    return forward(x, pattern, null);
  }

  /**
   * Attention of each position of x [batch, length, width] to those that a mask leaves.
   *
   * @param mask i32 [batch, length], 0 for a position that none sees, where PyTorch's key padding
   *     mask is true; null if all are seen. Where a position sees none, the heads give zeros.
   */
  public Tensor forward(Tensor x, AttentionPattern pattern, Tensor mask) {
    Tensor qkv = x.linear(inProjectionWeight, inProjectionBias);
    AttentionForm form = pattern.form(heads);
    return outProjection.forward(
        mask == null ? qkv.selfAttention(form) : qkv.selfAttention(form, mask));
  }

  /** Attention of each position of x [batch, queries, width] to a memory [batch, keys, width]. */
  public Tensor attend(Tensor x, Tensor memory) {
    return attend(x, memory, memory, AttentionPattern.FULL, null);
  }

  /**
   * Attention of each position of x to those of a memory that a mask leaves.
   *
   * @param mask i32 [batch, keys], 0 for a position of the memory that none sees, or null
   */
  public Tensor attend(Tensor x, Tensor memory, Tensor mask) {
    return attend(x, memory, memory, AttentionPattern.FULL, mask);
  }

  /**
   * Attention of queries to keys that have values of another source.
   *
   * @param query [batch, queries, width]
   * @param key [batch, keys, width]
   * @param value [batch, keys, width]
   * @param pattern if causal, query i sees the keys {@code j ≤ i + keys − queries}
   * @param mask i32 [batch, keys], 0 for a key that no query sees, or null
   * @return [batch, queries, width]
   */
  public Tensor attend(
      Tensor query, Tensor key, Tensor value, AttentionPattern pattern, Tensor mask) {
    Tensor q = project(query, 0);
    Tensor k = project(key, 1);
    Tensor v = project(value, 2);
    AttentionForm form = pattern.form(heads);
    return outProjection.forward(
        mask == null ? Tensor.attention(q, k, v, form) : Tensor.attention(q, k, v, form, mask));
  }

  /** The queries, keys or values of a source. */
  private Tensor project(Tensor x, int part) {
    long width = inProjectionBias.shape().size() / PARTS;
    long from = part * width;
    return x.linear(
        x.read(inProjectionWeight).slice(0, from, from + width),
        x.read(inProjectionBias).slice(0, from, from + width));
  }
}
