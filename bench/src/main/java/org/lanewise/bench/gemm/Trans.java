package org.lanewise.bench.gemm;

/** Which operands of a product are transposed: a letter for A, one for B. */
public enum Trans {
  /** A · B. */
  NN(false, false),
  /** A · Bᵀ. */
  NT(false, true),
  /** Aᵀ · B. */
  TN(true, false),
  /** Aᵀ · Bᵀ. */
  TT(true, true);

  private final boolean a;
  private final boolean b;

  Trans(boolean a, boolean b) {
    this.a = a;
    this.b = b;
  }

  /** Whether A is stored transposed. */
  public boolean a() {
    return a;
  }

  /** Whether B is stored transposed. */
  public boolean b() {
    return b;
  }
}
