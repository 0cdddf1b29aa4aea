package org.lanewise.nn;

import org.lanewise.kernels.op.Shape;

/**
 * What a tensor's methods take beside the tensor: another one, a weight, a state, or a constant.
 */
public sealed interface Operand permits Tensor, Parameter, State, Constant {
  /** Its dimensions. */
  Shape shape();
}
