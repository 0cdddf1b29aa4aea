package org.lanewise.kernels.cases;

import java.util.List;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;

/**
 * An op to be tested.
 *
 * @param classes labels and indices are in 0..{@code classes}−1
 */
public record OpCase(Op op, int classes, List<TensorType> inputs) {
  public OpCase(Op op, TensorType... inputs) {
    this(op, 0, List.of(inputs));
  }

  @Override
  public String toString() {
    return op + " of " + inputs;
  }
}
