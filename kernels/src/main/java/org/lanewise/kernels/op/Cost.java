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
   * The cost of an op on operands of the given types, which overwrites its outputs.
   *
   * @throws ShapeException if the op does not take such inputs
   */
  public static Cost of(Op op, List<TensorType> inputs) {
    return of(op, inputs, Write.overwriteAll(op.effects().outputs().size()));
  }

  /**
   * The cost of an op on operands of the given types. What adding to an output costs is that it is
   * also read; the additions are not counted.
   *
   * @throws ShapeException if the op does not take such inputs
   */
  public static Cost of(Op op, List<TensorType> inputs, List<Write> writes) {
    Inputs in = new Inputs(op, inputs);
    List<TensorType> outputs = op.outputs(in);
    Effects effects = op.effects();
    long bytes = inputs.stream().mapToLong(TensorType::byteSize).sum();
    for (int i = 0; i < outputs.size(); i++) {
      bytes += outputs.get(i).byteSize() * (effects.output(i).isRead(writes.get(i)) ? 2 : 1);
    }
    return new Cost(op.flops(in), bytes);
  }

  /** The sum of two costs. */
  public Cost plus(Cost other) {
    return new Cost(flops + other.flops, bytes + other.bytes);
  }
}
