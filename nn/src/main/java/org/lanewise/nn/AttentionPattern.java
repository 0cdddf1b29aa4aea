package org.lanewise.nn;

import org.lanewise.kernels.op.AttentionForm;

/** Which keys each query of attention sees. */
public enum AttentionPattern {
  /** All keys, as in an encoder. */
  FULL,
  /** Those that are not later, as in a decoder. */
  CAUSAL;

  /** The form of attention of this pattern, with as many heads of keys and values as of queries. */
  public AttentionForm form(int heads) {
    AttentionForm form = AttentionForm.of(heads);
    return this == CAUSAL ? form.withCausal() : form;
  }
}
