package org.lanewise.nn;

/** Which keys each query of attention sees. */
public enum AttentionPattern {
  /** All keys, as in an encoder. */
  FULL,
  /** Those that are not later, as in a decoder. */
  CAUSAL
}
