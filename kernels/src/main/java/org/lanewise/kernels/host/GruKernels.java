package org.lanewise.kernels.host;

/**
 * Gated recurrent units, from step to step. Products of the state and the weight are summed as
 * {@link org.lanewise.kernels.op.ProductOp} says, and a row is independent of the others.
 */
public interface GruKernels {
  /** The gates r, z and n of a unit. */
  int GATES = 3;

  /**
   * {@link org.lanewise.kernels.op.RecurrentOp.Gru} of rows {@code rowFrom ≤ row < rowTo}: {@code h
   * = fma(z, h − n, n)}.
   */
  void forward(RecurrentTensors.Gru x, long rowFrom, long rowTo);

  /**
   * {@link org.lanewise.kernels.op.RecurrentOp.GruBackward} of rows {@code rowFrom ≤ row < rowTo}.
   */
  void backward(RecurrentTensors.GruBackward x, long rowFrom, long rowTo);
}
