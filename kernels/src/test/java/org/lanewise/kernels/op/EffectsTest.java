package org.lanewise.kernels.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.cases.OpCase;
import org.lanewise.kernels.cases.OpCases;

/** That what ops say of their operands' memory fits their operands and their documentation. */
class EffectsTest {
  private static final Path SOURCES = Path.of("src/main/java/org/lanewise/kernels/op");

  @Test
  void nameEachOperand() {
    for (OpCase c : OpCases.all()) {
      Effects effects = c.op().effects();
      assertThat(effects.outputs())
          .as("%s", c)
          .hasSameSizeAs(ShapeRule.outputs(c.op(), c.inputs()));
      if (!(c.op() instanceof LayoutOp.Concat)) {
        assertThat(effects.inputs()).as("%s", c).hasSameSizeAs(c.inputs());
      }
      assertThat(
              Stream.concat(
                  effects.inputs().stream(), effects.outputs().stream().map(Effects.Output::name)))
          .as("%s", c)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void oneInputStandsForAnyNumber() {
    Effects effects = new LayoutOp.Concat(0).effects();
    assertThat(effects.input(7)).isEqualTo("tensor").isEqualTo(effects.input(0));
  }

  static Stream<Class<?>> ops() {
    return OpCases.all().stream().<Class<?>>map(c -> c.op().getClass()).distinct();
  }

  @ParameterizedTest
  @MethodSource("ops")
  void allowWhatTheDocumentationSays(Class<?> op) {
    Set<String> inputs = new HashSet<>();
    Set<String> allowed = new HashSet<>();
    for (OpCase c : OpCases.all()) {
      if (c.op().getClass() == op) {
        inputs.addAll(c.op().effects().inputs());
        c.op().effects().outputs().forEach(output -> allowed.addAll(output.inPlaceOf()));
      }
    }
    String documentation = documentation(op);
    inputs.removeIf(input ->
        !Pattern.compile("\\bmay be (?:\\w+ or )?%s\\b".formatted(Pattern.quote(input)))
            .matcher(documentation)
            .find());
    assertThat(allowed).isEqualTo(inputs);
  }

  /** The comment before a record, in one line. */
  private static String documentation(Class<?> op) {
    try {
      String file =
          Files.readString(SOURCES.resolve(op.getDeclaringClass().getSimpleName() + ".java"));
      String before = file.substring(0, file.indexOf("  record " + op.getSimpleName() + "("));
      return before
          .substring(before.lastIndexOf("/**"))
          .lines()
          .map(line -> line.strip().replaceFirst("^\\* ?", ""))
          .collect(Collectors.joining(" "));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Test
  void sayHowOutputsAreWritten() {
    Effects adam = new UpdateOp.Adam(0.9, 0.999, 1e-8, 0, false).effects();
    assertThat(adam.outputs()).allMatch(Effects.Output::updates).noneMatch(Effects.Output::adds);
    Effects backward = new NormOp.BatchNormBackward(true).effects();
    assertThat(backward.outputs()).allMatch(Effects.Output::adds);
    Effects forward = new NormOp.BatchNorm(1e-5f, 0.1f, true).effects();
    assertThat(forward.outputs())
        .noneMatch(Effects.Output::adds)
        .noneMatch(Effects.Output::updates);
  }

  @Test
  void whatIsReadTakesTheOtherOperandsCost() {
    NormOp op = new NormOp.LayerNormParameterGradients();
    List<TensorType> inputs = List.of(f32(8, 3), f32(8), f32(8), f32(8, 3));
    int overwriting = 4 * (24 + 8 + 8 + 24 + 2 * 3);
    assertThat(Cost.of(op, inputs).bytes()).isEqualTo(overwriting);
    assertThat(Cost.of(op, inputs, List.of(Write.ADD, Write.OVERWRITE)).bytes())
        .as("one of the gradients is also read")
        .isEqualTo(overwriting + 4 * 3);
  }

  @Test
  void refusePlacesThatHoldSomethingElse() {
    assertThatThrownBy(() -> Effects.reads("x").writes("y", "z"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("z");
    assertThatThrownBy(() ->
            new Effects(List.of("x"), List.of(new Effects.Output("y", false, true, Set.of("x")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("y")
        .hasMessageContaining("is updated");
  }
}
