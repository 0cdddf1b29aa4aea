package org.lanewise.kernels.op;

/** What a matrix product does to each element of C once its sum is complete. */
public enum Epilogue {
  /** Nothing. */
  NONE(false, false),
  /** Adds {@code bias[j]} to column j. */
  BIAS(true, false),
  /** Replaces negative elements by 0. */
  RELU(false, true),
  /** Adds the bias, then replaces negative elements by 0. */
  BIAS_RELU(true, true);

  private final boolean bias;
  private final boolean relu;

  Epilogue(boolean bias, boolean relu) {
    this.bias = bias;
    this.relu = relu;
  }

  /** Whether a bias is added. */
  public boolean hasBias() {
    return bias;
  }

  /** Whether negative elements become 0. */
  public boolean hasRelu() {
    return relu;
  }

  /** This epilogue followed by ReLU. */
  public Epilogue withRelu() {
    return bias ? BIAS_RELU : RELU;
  }
}
