package org.lanewise.kernels.op;

import java.util.List;

/**
 * What running an op once costs.
 *
 * @param flops floating-point operations; a fused multiply-add counts as two, a transcendental
 *     function as one
 * @param bytes bytes of all operands, each counted once for a read and once for a write
 */
public record Cost(long flops, long bytes) {
  /** No work. */
  public static final Cost ZERO = new Cost(0, 0);

  /**
   * The cost of an op on operands of the given types.
   *
   * @throws ShapeException if the op does not take such inputs
   */
  public static Cost of(Op op, List<TensorType> inputs) {
    Inputs in = new Inputs(op, inputs);
    List<TensorType> outputs = op.outputs(in);
    Effects effects = op.effects();
    long bytes = 0;
    for (int i = 0; i < inputs.size(); i++) {
      bytes += inputs.get(i).byteSize() * (effects.input(i).isUpdated() ? 2 : 1);
    }
    for (int i = 0; i < outputs.size(); i++) {
      bytes += outputs.get(i).byteSize() * (effects.output(i).isRead() ? 2 : 1);
    }
    return new Cost(op.flops(in), bytes);
  }

  /** The sum of two costs. */
  public Cost plus(Cost other) {
    return new Cost(flops + other.flops, bytes + other.bytes);
  }
}
