package org.lanewise.kernels.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Write;

/**
 * A backend that looks at the operands of each step of another one, before and after it, and throws
 * a {@link NonFiniteException} where finite inputs give a result with a NaN or an infinity. All
 * tensors of floating-point numbers are copied to the host for that, so steps take many times as
 * long; their results are the same.
 *
 * <p>An op whose inputs are not finite throws nothing: its results need not be either, and an
 * infinity may be meant, as in a mask that is added to attention's scores.
 */
public final class FiniteCheck extends DecoratedBackend {
  private String nonFiniteInput;

  /** Checks the steps of a backend from now on. */
  public FiniteCheck(Backend backend) {
    super(backend);
  }

  /** Forgets what {@link #nonFiniteInput} tells. */
  public void begin() {
    nonFiniteInput = null;
  }

  /** The first op since {@link #begin} whose inputs were not finite, with their ranges. */
  public Optional<String> nonFiniteInput() {
    return Optional.ofNullable(nonFiniteInput);
  }

  @Override
  Decorated decorate(
      Origin origin,
      Op op,
      List<Operand> inputs,
      List<Operand> outputs,
      List<Write> writes,
      Step step) {
    List<Named> read = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      read.add(new Named(op.effects().input(i), inputs.get(i)));
    }
    List<Named> results = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Named output = new Named(op.effects().output(i).name(), outputs.get(i));
      if (op.effects().output(i).isRead(writes.get(i))) {
        read.add(output);
      }
      results.add(output);
    }
    String name = origin.layer().isEmpty() ? op.label() : origin.layer() + ": " + op.label();
    return new Checked(this, name, floats(read), floats(results), step);
  }

  private static List<Named> floats(List<Named> operands) {
    return operands.stream().filter(named -> named.operand.type().dtype().isFloat()).toList();
  }

  private record Named(String name, Operand operand) {
    ValueRange range() {
      return ValueRange.of(name, operand);
    }
  }

  /** A step that is checked. */
  private record Checked(
      FiniteCheck check, String name, List<Named> read, List<Named> results, Step inner)
      implements Decorated {
    @Override
    public long time() {
      List<ValueRange> before = read.stream().map(Named::range).toList();
      long nanos = check.decorated().time(inner);
      if (before.stream().allMatch(ValueRange::isFinite)) {
        results.stream()
            .map(Named::range)
            .filter(range -> !range.isFinite())
            .findFirst()
            .ifPresent(range -> {
              throw new NonFiniteException(message(range, before));
            });
      } else if (check.nonFiniteInput == null) {
        check.nonFiniteInput = name + " of " + ranges(before);
      }
      return nanos;
    }

    private String message(ValueRange result, List<ValueRange> before) {
      return "%s made %s elements of %s from finite inputs: %s"
          .formatted(name, result.others(), result.name() + " " + result.type(), ranges(before));
    }

    private static String ranges(List<ValueRange> ranges) {
      return ranges.stream().map(ValueRange::toString).collect(Collectors.joining("; "));
    }
  }
}
