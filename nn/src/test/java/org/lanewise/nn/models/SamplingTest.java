package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {
  private static final float[] EIGHTHS = logits(0.125, 0.5, 0.25, 0.125);
  private static final int ALL = Integer.MAX_VALUE;

  private static float[] logits(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (Math.log(probabilities[i]) + 3);
    }
    return logits;
  }

  static Stream<Arguments> distributions() {
    return Stream.of(
        Arguments.of(1, ALL, 1, new double[] {.125, .5, .25, .125}),
        Arguments.of(1, 4, 1, new double[] {.125, .5, .25, .125}),
        Arguments.of(1, 3, 1, new double[] {1 / 7., 4 / 7., 2 / 7., 0}),
        Arguments.of(1, 2, 1, new double[] {0, 2 / 3., 1 / 3., 0}),
        Arguments.of(1, 1, 1, new double[] {0, 1, 0, 0}),
        Arguments.of(1, ALL, .01, new double[] {0, 1, 0, 0}),
        Arguments.of(1, ALL, .49, new double[] {0, 1, 0, 0}),
        Arguments.of(1, ALL, .7, new double[] {0, 2 / 3., 1 / 3., 0}),
        Arguments.of(1, ALL, .8, new double[] {1 / 7., 4 / 7., 2 / 7., 0}),
        Arguments.of(1, ALL, .9, new double[] {.125, .5, .25, .125}),
        Arguments.of(1, 2, .6, new double[] {0, 1, 0, 0}), // a share of what topK leaves
        Arguments.of(.5, ALL, 1, new double[] {1 / 22., 16 / 22., 4 / 22., 1 / 22.}),
        Arguments.of(.5, 2, 1, new double[] {0, .8, .2, 0}),
        Arguments.of(1e-30, ALL, 1, new double[] {0, 1, 0, 0}),
        Arguments.of(0, ALL, 1, new double[] {0, 1, 0, 0}),
        Arguments.of(0, 3, .5, new double[] {0, 1, 0, 0}),
        Arguments.of(1e30, ALL, 1, new double[] {.25, .25, .25, .25}));
  }

  /** All numbers from 0 to 1 at equal distances find each token as often as it is probable. */
  @ParameterizedTest
  @MethodSource("distributions")
  void drawsWithTheProbabilities(
      double temperature, int topK, double topP, double[] probabilities) {
    int draws = 10_000;
    double[] shares = new double[probabilities.length];
    for (int i = 0; i < draws; i++) {
      double uniform = (i + 0.5) / draws;
      shares[new Sampling(temperature, topK, topP).choose(EIGHTHS, uniform)] += 1. / draws;
    }
    assertThat(shares).containsExactly(probabilities, within(1.5 / draws));
  }

  @Test
  void ofEqualLogitsTheFirstCountsAsLarger() {
    float[] logits = {-1, 2, -0f, 2, 0, 2};
    assertThat(Sampling.GREEDY.choose(logits, 0.9)).isEqualTo(1);
    assertThat(new Sampling(1, 2, 1).choose(logits, 0.99)).isEqualTo(3);
    assertThat(new Sampling(1, 4, 1).choose(logits, 1 - 1e-16)).isEqualTo(2);
  }

  @Test
  void whatIsImpossibleIsNeverChosen() {
    float[] logits = {Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY};
    for (double uniform : new double[] {0, 0.5, Math.nextDown(1)}) {
      assertThat(Sampling.PLAIN.choose(logits, uniform)).isEqualTo(1);
      assertThat(new Sampling(1, 3, 0.99).choose(logits, uniform)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void refusesLogitsThatAreNoNumbers(float logit) {
    for (Sampling sampling : new Sampling[] {Sampling.PLAIN, Sampling.GREEDY}) {
      assertThatThrownBy(() -> sampling.choose(new float[] {1, logit, 2}, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the largest logit must be finite but is " + logit);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-0.1     | 1 | 1   | temperature must be at least 0 and finite but is -0.1",
        "NaN      | 1 | 1   | temperature must be at least 0 and finite but is NaN",
        "Infinity | 1 | 1   | temperature must be at least 0 and finite but is Infinity",
        "1        | 0 | 1   | topK must be at least 1 but is 0",
        "1        | 1 | 0   | topP must be in (0, 1] but is 0.0",
        "1        | 1 | 1.1 | topP must be in (0, 1] but is 1.1",
        "1        | 1 | NaN | topP must be in (0, 1] but is NaN"
      })
  void refusesSettingsOutOfRange(double temperature, int topK, double topP, String says) {
    assertThatThrownBy(() -> new Sampling(temperature, topK, topP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(says);
  }
}
