package org.lanewise.kernels.backend;

import java.util.List;
import org.lanewise.kernels.op.Effects;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.ShapeRule;

/** The operands that an op takes: their types, and how they lie in memory. */
public final class OperandRule {
  private OperandRule() {}

  /**
   * Checks that an op takes these operands.
   *
   * @throws ShapeException if it does not take operands of their types
   * @throws IllegalArgumentException if what it writes overlaps with another operand where {@link
   *     Op#effects} does not allow it
   */
  public static void check(Op op, List<Operand> inputs, List<Operand> outputs) {
    ShapeRule.check(
        op,
        inputs.stream().map(Operand::type).toList(),
        outputs.stream().map(Operand::type).toList());
    Effects effects = op.effects();
    for (int i = 0; i < outputs.size(); i++) {
      Operand output = outputs.get(i);
      String name = effects.output(i).name();
      for (int j = 0; j < inputs.size(); j++) {
        if (!(effects.mayBeInPlace(i, j) && output.isSameMemory(inputs.get(j)))) {
          disjoint(op, name, output, effects.input(j).name(), inputs.get(j));
        }
      }
      for (int j = 0; j < i; j++) {
        disjoint(op, name, output, effects.output(j).name(), outputs.get(j));
      }
    }
    for (int i = 0; i < inputs.size(); i++) {
      for (int j = 0; j < inputs.size() && effects.input(i).isUpdated(); j++) {
        if (i != j) {
          disjoint(
              op, effects.input(i).name(), inputs.get(i), effects.input(j).name(), inputs.get(j));
        }
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
