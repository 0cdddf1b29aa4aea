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
import java.util.regex.Matcher;
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
  private static final Pattern MAY_BE = Pattern.compile("\\bmay be (\\w+)(?: or (\\w+))?");

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
                  effects.inputs().stream().map(Effects.Input::name),
                  effects.outputs().stream().map(Effects.Output::name)))
          .as("%s", c)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void oneInputStandsForAnyNumber() {
    Effects effects = new LayoutOp.Concat(0).effects();
    assertThat(effects.input(7)).isSameAs(effects.input(0));
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
        c.op().effects().inputs().forEach(input -> inputs.add(input.name()));
        c.op().effects().outputs().forEach(output -> allowed.addAll(output.inPlaceOf()));
      }
    }
    Set<String> documented = new HashSet<>();
    Matcher matcher = MAY_BE.matcher(documentation(op));
    while (matcher.find()) {
      documented.add(matcher.group(1));
      documented.add(matcher.group(2));
    }
    documented.retainAll(inputs);
    assertThat(allowed).isEqualTo(documented);
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
    assertThat(adam.outputs())
        .extracting(Effects.Output::write)
        .containsExactly(Effects.Write.UPDATE, Effects.Write.UPDATE, Effects.Write.UPDATE);
    Effects backward = new NormOp.BatchNormBackward(true, false, true, false).effects();
    assertThat(backward.outputs())
        .extracting(Effects.Output::write)
        .containsExactly(Effects.Write.OVERWRITE, Effects.Write.ADD, Effects.Write.OVERWRITE);
    Effects training = new NormOp.BatchNorm(1e-5f, 0.1f, true).effects();
    assertThat(training.inputs())
        .extracting(Effects.Input::isUpdated)
        .containsExactly(false, false, false, true, true);
    assertThat(new NormOp.BatchNorm(1e-5f, 0.1f, false).effects().inputs())
        .extracting(Effects.Input::isUpdated)
        .doesNotContain(true);
  }

  @Test
  void whatIsReadTakesTheOtherOperandsCost() {
    NormOp training = new NormOp.BatchNorm(1e-5f, 0.1f, true);
    List<TensorType> inputs = List.of(f32(8, 3), f32(3), f32(3), f32(3), f32(3));
    assertThat(Cost.of(training, inputs).bytes())
        .as("running mean and variance are also written")
        .isEqualTo(4 * (24 + 4 * 3 + 2 * 3 + 24 + 2 * 3));
    NormOp backward = new NormOp.LayerNormParameterGradients(true, false);
    assertThat(Cost.of(backward, List.of(f32(8, 3), f32(8), f32(8), f32(8, 3))).bytes())
        .as("one of the gradients is also read")
        .isEqualTo(4 * (24 + 8 + 8 + 24 + 2 * 3 + 3));
  }

  @Test
  void refusePlacesThatHoldSomethingElse() {
    assertThatThrownBy(() -> Effects.reads("x").writes("y", "z"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("z");
    assertThatThrownBy(() -> Effects.reads("x").updatesOrReads(true, "mean").writes("y", "mean"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mean");
    assertThatThrownBy(() ->
            new Effects(
                List.of(new Effects.Input("x", false)),
                List.of(new Effects.Output("y", Effects.Write.ADD, Set.of("x")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ADD");
  }
}
