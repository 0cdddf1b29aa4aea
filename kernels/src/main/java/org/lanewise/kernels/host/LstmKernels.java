package org.lanewise.kernels.host;

/**
 * Long short-term memory, from step to step. Products of the state and the weight are summed as
 * {@link org.lanewise.kernels.op.ProductOp} says, and a row is independent of the others.
 */
public interface LstmKernels {
  /** The gates i, f, g and o of a cell. */
  int GATES = 4;

  /**
   * {@link org.lanewise.kernels.op.RecurrentOp.Lstm} of rows {@code rowFrom ≤ row < rowTo}: {@code
   * c = fma(f, c, i · g)} and {@code h = o · tanh(c)}.
   */
  void forward(RecurrentTensors.Lstm x, long rowFrom, long rowTo);

  /**
   * {@link org.lanewise.kernels.op.RecurrentOp.LstmBackward} of rows {@code rowFrom ≤ row < rowTo}.
   */
  void backward(RecurrentTensors.LstmBackward x, long rowFrom, long rowTo);
}
