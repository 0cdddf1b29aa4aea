package org.lanewise.nn;

import org.lanewise.kernels.op.Shape;

/** What a tensor's methods take beside the tensor: another one, a weight, or a state. */
public sealed interface Operand permits Tensor, Parameter, State {
  /** Its dimensions. */
  Shape shape();
}
