package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.op.Reduction;

/**
 * Softmax does not change when the same number is added to all logits, however large: neither do
 * losses and gradients that follow from it.
 */
class LargeLogitsTest {
  static Stream<Arguments> logits() {
    return Stream.of(0f, -3f, 1e4f, 1e6f, 1e7f, 1e8f, -1e8f, Float.MAX_VALUE, -Float.MAX_VALUE)
        .flatMap(v -> Stream.of(2, 64, 100).map(classes -> Arguments.of(v, classes)));
  }

  @ParameterizedTest
  @MethodSource("logits")
  void crossEntropyOfEqualLogitsIsThatOfChance(float v, int classes) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor logits = equal(arena, classes, v);
      TestTensor labels = TestTensor.ofLabels(arena, 0);
      TestTensor normalizers = TestTensor.zeros(arena, 2);
      TestTensor loss = TestTensor.zeros(arena, 1);
      TestTensor gradient = TestTensor.zeros(arena, classes);
      Losses.crossEntropy(
          1, classes, logits.segment(), labels.segment(), normalizers.segment(), loss.segment());
      Losses.crossEntropyBackward(
          1,
          classes,
          logits.segment(),
          labels.segment(),
          normalizers.segment(),
          gradient.segment());
      assertThatItIsThatOfChance(loss, gradient, classes);
    }
  }

  @ParameterizedTest
  @MethodSource("logits")
  void generalCrossEntropyOfEqualLogitsIsThatOfChance(float v, int classes) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor logits = equal(arena, classes, v);
      TestTensor labels = TestTensor.ofLabels(arena, 0);
      TestTensor normalizers = TestTensor.zeros(arena, 2);
      TestTensor losses = TestTensor.zeros(arena, 1);
      TestTensor loss = TestTensor.zeros(arena, 1);
      TestTensor gradient = TestTensor.zeros(arena, classes);
      Losses.softmaxCrossEntropy(
          Reduction.SUM,
          1,
          classes,
          -100,
          0f,
          logits.segment(),
          labels.segment(),
          normalizers.segment(),
          losses.segment(),
          loss.segment());
      Losses.softmaxCrossEntropyBackward(
          Reduction.SUM,
          1,
          classes,
          -100,
          0f,
          logits.segment(),
          labels.segment(),
          normalizers.segment(),
          gradient.segment());
      assertThatItIsThatOfChance(loss, gradient, classes);
    }
  }

  private static TestTensor equal(Arena arena, int size, float value) {
    TestTensor tensor = TestTensor.zeros(arena, size);
    for (int i = 0; i < size; i++) {
      tensor.segment().setAtIndex(JAVA_FLOAT, i, value);
    }
    return tensor;
  }

  private static void assertThatItIsThatOfChance(
      TestTensor loss, TestTensor gradient, int classes) {
    assertThat(loss.get(0)).isCloseTo((float) Math.log(classes), within(1e-6f));
    for (int j = 0; j < classes; j++) {
      float chance = 1f / classes;
      assertThat(gradient.get(j)).isEqualTo(j == 0 ? chance - 1 : chance);
    }
  }

  @ParameterizedTest
  @MethodSource("logits")
  void logSoftmaxOfEqualLogitsIsThatOfChance(float v, int classes) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor x = equal(arena, classes, v);
      Softmax.logSoftmax(1, classes, x.segment(), x.segment());
      assertThat(x.get(0)).isCloseTo((float) -Math.log(classes), within(1e-6f));
      assertThat(x.floats()).containsOnly(x.get(0));
    }
  }

  /** The gradient of values, which is the sum of the weights, of keys with equal scores. */
  @ParameterizedTest
  @MethodSource("logits")
  void theWeightsOfEqualScoresAreEqual(float v, int keys) {
    AttentionShape shape = new AttentionShape(1, 1, 1, keys, 1).withScale(1f);
    try (Arena arena = Arena.ofShared()) {
      TestTensor q = equal(arena, 1, 1f);
      TestTensor k = equal(arena, keys, v);
      TestTensor values = equal(arena, keys, 1f);
      TestTensor o = TestTensor.zeros(arena, 1);
      TestTensor normalizers = TestTensor.zeros(arena, 2);
      TestTensor dQ = TestTensor.zeros(arena, 1);
      TestTensor dK = TestTensor.zeros(arena, keys);
      TestTensor dV = TestTensor.zeros(arena, keys);
      Attention.forward(
          shape,
          q.segment(),
          k.segment(),
          values.segment(),
          null,
          o.segment(),
          normalizers.segment());
      Attention.backward(
          shape,
          q.segment(),
          k.segment(),
          values.segment(),
          null,
          o.segment(),
          normalizers.segment(),
          q.segment(),
          false,
          dQ.segment(),
          false,
          dK.segment(),
          false,
          dV.segment());
      assertThat(dV.floats()).containsOnly(1f / keys);
    }
  }
}
