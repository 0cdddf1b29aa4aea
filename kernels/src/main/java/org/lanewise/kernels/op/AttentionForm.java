package org.lanewise.kernels.op;

import java.util.List;

/**
 * Which attention an op computes, and on which operands: q, k and v with a row for each position,
 * as a linear layer makes them, or one operand with the columns of all three, as one product makes
 * them.
 *
 * @param heads of the queries, at least 1
 * @param keyValueHeads heads of the keys and of the values, at least 1, of which heads is a
 *     multiple: as many heads of queries that follow each other share one of them
 * @param fused whether q, k and v are columns of one operand
 * @param causal whether query i sees the keys {@code j ≤ i + keys − queries} only
 * @param masked whether there is a mask of keys
 * @param positioned whether there is a position of the first query, known at run time: then only
 *     that many keys and those of the queries themselves count, of as many as the operand has room
 *     for
 * @param scale factor of the scores, finite, or {@link #DEFAULT_SCALE}
 */
public record AttentionForm(
    int heads,
    int keyValueHeads,
    boolean fused,
    boolean causal,
    boolean masked,
    boolean positioned,
    float scale) {
  /** Stands for a scale of 1/√headSize. */
  public static final float DEFAULT_SCALE = 0f;

  /**
   * Checks what does not fit together.
   *
   * @throws IllegalArgumentException if the heads are not positive, or no multiple of those of the
   *     keys, the scale is not finite, or queries have a position among keys of one operand with
   *     them
   */
  public AttentionForm {
    if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads > 0) {
      throw new IllegalArgumentException(
          "heads must be a positive multiple of keyValueHeads but they are %d and %d"
              .formatted(heads, keyValueHeads));
    }
    if (!Float.isFinite(scale)) {
      throw new IllegalArgumentException("scale must be finite but is " + scale);
    }
    if (fused && positioned) {
      throw new IllegalArgumentException(
          "queries at a position need keys of their own operand, not columns of one with them");
    }
  }

  /** Attention of so many heads to all keys: of q, k and v, neither causal nor masked. */
  public static AttentionForm of(int heads) {
    return new AttentionForm(heads, heads, false, false, false, false, DEFAULT_SCALE);
  }

  /** The same with fewer heads of keys and values. */
  public AttentionForm withKeyValueHeads(int keyValueHeads) {
    return new AttentionForm(heads, keyValueHeads, fused, causal, masked, positioned, scale);
  }

  /** The same on one operand with the columns of q, k and v. */
  public AttentionForm withFused() {
    return new AttentionForm(heads, keyValueHeads, true, causal, masked, positioned, scale);
  }

  /** The same to keys that are not later. */
  public AttentionForm withCausal() {
    return new AttentionForm(heads, keyValueHeads, fused, true, masked, positioned, scale);
  }

  /** The same with a mask of keys. */
  public AttentionForm withMask() {
    return new AttentionForm(heads, keyValueHeads, fused, causal, true, positioned, scale);
  }

  /** The same at a position among the keys that is known at run time. */
  public AttentionForm withPosition() {
    return new AttentionForm(heads, keyValueHeads, fused, causal, masked, true, scale);
  }

  /** The same with another factor of the scores. */
  public AttentionForm withScale(float scale) {
    return new AttentionForm(heads, keyValueHeads, fused, causal, masked, positioned, scale);
  }

  // ---- Operands -------------------------------------------------------------------------------

  /** The operands that the queries, keys and values are in, which come first. */
  public List<String> names() {
    return fused ? List.of("qkv") : List.of("q", "k", "v");
  }

  /** The index of the operand that the keys are in. */
  public int keyIndex() {
    return fused ? 0 : 1;
  }

  /** The index of the operand that the values are in. */
  public int valueIndex() {
    return fused ? 0 : 2;
  }

  /** The index of the mask, if there is one. */
  public int maskIndex() {
    return names().size();
  }

  /** The index of the position of the first query, if there is one. */
  public int positionIndex() {
    return maskIndex() + (masked ? 1 : 0);
  }

  /** The number of inputs. */
  public int inputs() {
    return positionIndex() + (positioned ? 1 : 0);
  }
}
