package org.lanewise.kernels.op;

/** How an operand of a matrix product is read. */
public enum Transpose {
  /** As stored. */
  NO,
  /** With rows and columns exchanged. */
  YES
}
