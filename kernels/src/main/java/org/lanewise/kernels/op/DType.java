package org.lanewise.kernels.op;

/** Element type of a tensor. */
public enum DType {
  /** IEEE 754 binary32. */
  F32(4),
  /** Signed 32-bit integer: class labels and token ids. */
  I32(4);

  private final int byteSize;

  DType(int byteSize) {
    this.byteSize = byteSize;
  }

  /** Bytes of one element. */
  public int byteSize() {
    return byteSize;
  }
}
