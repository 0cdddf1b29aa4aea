package org.lanewise.kernels.op;

import java.util.List;

/** The operands that an op takes: their types, and how outputs are written. */
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
   * Checks that an op takes operands of these types and writes its outputs so.
   *
   * @throws ShapeException if it does not take such operands
   * @throws IllegalArgumentException if there are not as many writes as outputs, or one adds to an
   *     output that cannot be added to
   */
  public static void check(
      Op op, List<TensorType> inputs, List<TensorType> outputs, List<Write> writes) {
    List<TensorType> expected = outputs(op, inputs);
    if (!expected.equals(outputs)) {
      throw new ShapeException(
          op.name() + " of " + inputs + " writes " + expected + " but its outputs are " + outputs);
    }
    if (writes.size() != outputs.size()) {
      throw new IllegalArgumentException(
          "%s has %d outputs but is told to write them %s"
              .formatted(op.name(), outputs.size(), writes));
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (writes.get(i) == Write.ADD && !canBeAddedTo(op, i, outputs.get(i))) {
        throw new IllegalArgumentException(
            "%s: %s %s cannot be added to"
                .formatted(op.name(), op.effects().output(i).name(), outputs.get(i)));
      }
    }
  }

  /** Whether {@link Write#ADD} is allowed for an output of an op, if it has that type. */
  public static boolean canBeAddedTo(Op op, int output, TensorType type) {
    return type.dtype() == DType.F32
        && op.effects().output(output).adds()
        && !(op instanceof Op.Custom); // whose code does not know
  }
}
