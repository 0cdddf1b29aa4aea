package org.lanewise.kernels.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Effects;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/**
 * An op one of whose outputs is the memory of an input, as its effects allow.
 *
 * @param output position among the outputs
 * @param input position among the inputs
 */
public record InPlaceCase(OpCase op, int output, int input) {
  /** Everything that the ops of {@link OpCases} allow. */
  public static Stream<InPlaceCase> all() {
    return OpCases.all().stream().flatMap(InPlaceCase::of);
  }

  private static Stream<InPlaceCase> of(OpCase c) {
    List<TensorType> outputs = ShapeRule.outputs(c.op(), c.inputs());
    Effects effects = c.op().effects();
    return IntStream.range(0, outputs.size())
        .filter(output -> c.writes().get(output) == Write.OVERWRITE)
        .boxed()
        .flatMap(output ->
            IntStream.range(0, c.inputs().size())
                .filter(input -> effects.mayBeInPlace(output, input))
                .filter(input -> c.inputs().get(input).byteSize() == outputs.get(output).byteSize())
                .mapToObj(input -> new InPlaceCase(c, output, input)));
  }

  /** Compares the operands of {@link BoundOp#run} with those of a run that was not in place. */
  public void check(List<float[]> expected, List<float[]> actual) {
    int overwritten = expected.size() - op.inputs().size() + input;
    for (int i = 0; i < expected.size(); i++) {
      if (i != overwritten) {
        assertThat(actual.get(i)).as("operand %d of %s", i, this).isEqualTo(expected.get(i));
      }
    }
  }

  @Override
  public String toString() {
    Effects effects = op.op().effects();
    return "%s in place of %s: %s"
        .formatted(effects.output(output).name(), effects.input(input), op);
  }
}
