package org.lanewise.kernels.op;

import java.util.List;

/** The operand types of an op. */
public final class ShapeRule {
  private ShapeRule() {}

  /**
   * The types of an op's outputs.
   *
   * @throws ShapeException if the op does not take such inputs
   */
  public static List<TensorType> outputs(Op op, List<TensorType> inputs) {
    return op.outputs(new Inputs(op, inputs));
  }

  /**
   * Checks that an op takes these operands.
   *
   * @throws ShapeException if not
   */
  public static void check(Op op, List<TensorType> inputs, List<TensorType> outputs) {
    List<TensorType> expected = outputs(op, inputs);
    if (!expected.equals(outputs)) {
      throw new ShapeException(
          op.name() + " of " + inputs + " writes " + expected + " but its outputs are " + outputs);
    }
  }
}
