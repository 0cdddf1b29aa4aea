package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules that are functions of the step, against the schedulers of PyTorch 1.13. */
class ScheduleFormulasTest {
  private static final int[] STEPS = {
    1, 2, 10, 11, 12, 20, 21, 29, 30, 31, 40, 55, 70, 71, 99, 100
  };

  static Stream<Arguments> references() {
    return Stream.of(
        arguments(
            Schedule.linear(30),
            "1 0.9666666667 0.7 0.6666666667 0.6333333333 0.3666666667 0.3333333333 "
                + "0.06666666667 0.03333333333 0 0 0 0 0 0 0"),
        arguments(
            new Schedule.Cosine(100, 0.1),
            "1 0.9997779522 0.9821321586 0.9779754323 0.973396346 0.9221862584 "
                + "0.9140576475 0.8368407954 0.8258081741 0.8145033635 0.7024320641 "
                + "0.4936000449 0.29706248 0.2854966365 0.1008879722 0.1002220478"),
        arguments(
            Schedule.cosineRestarts(10, 1),
            "1 0.9755282581 0.02447174185 1 0.9755282581 0.02447174185 1 "
                + "0.09549150281 0.02447174185 1 0.02447174185 0.6545084972 0.02447174185 "
                + "1 0.09549150281 0.02447174185"),
        arguments(
            new CosineRestarts(10, 2, 0.05),
            "1 0.9767518452 0.07324815476 1 0.9941519618 0.5993063709 0.525 "
                + "0.07324815476 0.05584803822 1 0.8861928337 0.3782169277 0.05146426648 "
                + "1 0.7406454874 0.7238633753"),
        arguments(
            Schedule.polynomial(30, 2),
            "1 0.9344444444 0.49 0.4444444444 0.4011111111 0.1344444444 "
                + "0.1111111111 0.004444444444 0.001111111111 0 0 0 0 0 0 0"),
        arguments(
            Schedule.exponential(0.97),
            "1 0.97 0.7602310587 0.7374241269 0.7153014031 0.5606127247 "
                + "0.5437943429 0.4261952052 0.413409349 0.4010070685 0.3048580282 "
                + "0.1930517089 0.1222502242 0.1185827175 0.05053938562 0.04902320405"),
        arguments(
            Schedule.step(10, 0.3),
            "1 1 1 0.3 0.3 0.3 0.09 0.09 0.09 0.027 0.027 0.00243 0.000729 "
                + "0.0002187 1.9683e-05 1.9683e-05"),
        arguments(
            Schedule.multiStep(0.5, 2, 10, 70),
            "1 1 0.5 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.125 0.125 " + "0.125"),
        arguments(
            Schedule.oneCycle(100),
            "0.04 0.04281378057 0.2506302086 0.2951639485 0.3423336854 0.7448360515 "
                + "0.7893697914 0.9971862194 1 0.9994965353 0.950484632 0.7169430018 "
                + "0.3887419781 0.3669841093 0.0005074647155 4e-06"),
        arguments(
            Schedule.oneCycle(100).rising(0.2).divisors(10, 100).linear(true),
            "0.1 0.1473684211 0.5263157895 0.5736842105 0.6210526316 1 0.9875125 "
                + "0.8876125 0.875125 0.8626375 0.75025 0.5629375 0.375625 0.3631375 "
                + "0.0134875 0.001"),
        arguments(
            Schedule.oneCycle(100).threePhases(true),
            "0.04 0.04281378057 0.2506302086 0.2951639485 0.3423336854 0.7448360515 "
                + "0.7893697914 0.9971862194 1 0.9971862194 0.7448360515 0.08436379856 "
                + "0.03330718335 0.03212529577 6.267810793e-05 4e-06"));
  }

  @ParameterizedTest
  @MethodSource("references")
  void followsPyTorch(Schedule schedule, String factors) {
    double[] expected = Stream.of(factors.split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(expected).hasSameSizeAs(STEPS);
    for (int i = 0; i < STEPS.length; i++) {
      assertThat(schedule.factor(STEPS[i]))
          .as("step %d", STEPS[i])
          .isCloseTo(expected[i], within(1e-9 * expected[i] + 1e-15));
    }
  }

  /** A warm-up and half a cosine are the same, made of two or of one. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 10})
  void aWarmupComesBeforeAnySchedule(long warmup) {
    Schedule both = Schedule.cosine(100).afterWarmup(warmup);
    Schedule one = Schedule.warmupCosine(warmup, warmup + 100);
    for (long step = 1; step < 130; step++) {
      assertThat(both.factor(step)).as("step %d", step).isEqualTo(one.factor(step));
    }
  }

  @Test
  void aWarmupRisesToWhatFollows() {
    Schedule schedule = new Schedule.Linear(0.5, 0.1, 4).afterWarmup(2);
    assertThat(Stream.of(1, 2, 3, 5, 7, 8).map(schedule::factor))
        .satisfiesExactly(
            factor -> assertThat(factor).isEqualTo(0.25),
            factor -> assertThat(factor).isEqualTo(0.5),
            factor -> assertThat(factor).isEqualTo(0.5),
            factor -> assertThat(factor).isCloseTo(0.3, within(1e-15)),
            factor -> assertThat(factor).isCloseTo(0.1, within(1e-15)),
            factor -> assertThat(factor).isCloseTo(0.1, within(1e-15)));
    assertThat(Schedule.warmup(4).factor(1)).isEqualTo(0.25);
    assertThat(Schedule.warmup(4).factor(1000)).isEqualTo(1);
  }

  @Test
  void oneCycleOfFewSteps() {
    for (long steps = 1; steps < 12; steps++) {
      for (OneCycle cycle :
          List.of(
              Schedule.oneCycle(steps),
              Schedule.oneCycle(steps).rising(0.1),
              Schedule.oneCycle(steps).rising(0.5).threePhases(true))) {
        for (long step = 1; step <= steps + 1; step++) {
          assertThat(cycle.factor(step)).as("%s at %d", cycle, step).isBetween(4e-6, 1d);
        }
        assertThat(cycle.factor(steps)).isCloseTo(4e-6, within(1e-15));
      }
    }
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        refused(() -> Schedule.linear(0), "steps must be at least 1 but is 0"),
        refused(() -> new Schedule.Linear(Double.NaN, 0, 1), "start must be finite but is NaN"),
        refused(() -> Schedule.cosine(-1), "steps must be at least 1 but is -1"),
        refused(() -> Schedule.cosineRestarts(1, 0), "multiplier must be at least 1 but is 0"),
        refused(() -> Schedule.polynomial(1, 0), "power must be above 0 and finite but is 0.0"),
        refused(() -> Schedule.exponential(-1), "gamma must be above 0 and finite but is -1.0"),
        refused(() -> Schedule.step(0, 0.1), "size must be at least 1 but is 0"),
        refused(() -> Schedule.multiStep(1, 3, 3), "must be above 0 and rise but are [3, 3]"),
        refused(() -> Schedule.oneCycle(9).rising(1), "rising must be in (0, 1)"),
        refused(
            () -> Schedule.oneCycle(9).rising(0.6).threePhases(true), "at most 0.5, but is 0.6"),
        refused(() -> Schedule.oneCycle(9).divisors(0, 1), "startDivisor must be above 0"),
        refused(() -> Schedule.warmup(-1), "steps must be at least 0 but is -1"),
        refused(() -> Schedule.onPlateau(1, 0), "gamma must be in (0, 1) but is 1.0"),
        refused(() -> Schedule.onPlateau(0.5, -1), "patience must be at least 0 but is -1"),
        refused(() -> Schedule.onPlateau(0.5, 1).threshold(1), "threshold must be in [0, 1)"),
        refused(() -> Schedule.onPlateau(0.5, 1).cooldown(-2), "cooldown must be at least 0"),
        refused(() -> Schedule.onPlateau(0.5, 1).least(2), "least must be in [0, 1] but is 2.0"));
  }

  private static Arguments refused(Runnable schedule, String fault) {
    return arguments(schedule, fault);
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void namesWhatCannotBe(Runnable schedule, String fault) {
    assertThatThrownBy(schedule::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fault);
  }
}
