package org.lanewise.kernels.op;

import java.util.List;

/** Sums. */
public sealed interface ReductionOp extends Op {
  /** Sum over the rows. Input: x [m, n]. Output: [n]. The gradient of a bias. */
  record ColumnSums(boolean accumulate) implements ReductionOp, Op.Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(TensorType.f32(in.count(1).matrix(0, "x").dimension(1)));
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0);
    }
  }
}
