package org.lanewise.kernels.backend;

import java.util.List;
import org.lanewise.kernels.op.Effects;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.Write;

/** The operands that an op takes: their types, and how they lie in memory. */
public final class OperandRule {
  private OperandRule() {}

  /**
   * Checks that an op takes these operands.
   *
   * @throws ShapeException if it does not take operands of their types
   * @throws IllegalArgumentException if {@link Op#effects} does not allow that an output is added
   *     to, or overlaps with another operand
   */
  public static void check(Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
    ShapeRule.check(
        op,
        inputs.stream().map(Operand::type).toList(),
        outputs.stream().map(Operand::type).toList(),
        writes);
    Effects effects = op.effects();
    for (int i = 0; i < outputs.size(); i++) {
      Operand output = outputs.get(i);
      String name = effects.output(i).name();
      boolean overwrites = writes.get(i) == Write.OVERWRITE;
      for (int j = 0; j < inputs.size(); j++) {
        Operand input = inputs.get(j);
        if (!(overwrites && effects.mayBeInPlace(i, j) && output.isSameMemory(input))) {
          disjoint(op, name, output, effects.input(j), input);
        }
      }
      for (int j = 0; j < i; j++) {
        disjoint(op, name, output, effects.output(j).name(), outputs.get(j));
      }
    }
  }

  private static void disjoint(
      Op op, String name, Operand written, String otherName, Operand other) {
    if (written.overlaps(other)) {
      throw new IllegalArgumentException(
          "%s: %s %s must not overlap with %s %s but they are bytes %d to %d and %d to %d of one buffer"
              .formatted(
                  op.name(),
                  name,
                  written.type(),
                  otherName,
                  other.type(),
                  written.offset(),
                  written.end(),
                  other.offset(),
                  other.end()));
    }
  }
}
