package org.lanewise.samples.worked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.samples.Lanewise;

class TrainWorkedExampleTest {
  private static final Offset<Float> CLOSE = offset(1e-6f);

  @Test
  void forwardLossAndGradientsAreRight() {
    WorkedStep step = WorkedStep.with(Optimizer.adam(0.01));

    assertThat(step.hidden()).containsExactly(new float[] {.8f, .9f, 1.7f, 1.8f}, CLOSE);
    assertThat(step.output()).containsExactly(new float[] {1.64f, 1.74f, 2.63f, 2.73f}, CLOSE);
    assertThat(step.loss()).isCloseTo(0.28675, offset(1e-6));
    assertValues(
        step.gradients(),
        new float[] {.455f, .64f, .546f, .768f},
        new float[] {.185f, .222f},
        new float[] {.8765f, .945f, -.4185f, -.45f},
        new float[] {.685f, -.315f});
  }

  @Test
  void adamMovesEachWeightByTheLearningRate() {
    assertValues(
        WorkedStep.with(Optimizer.adam(0.01)).after(),
        new float[] {.09f, .19f, .09f, .19f},
        new float[] {.29f, .39f},
        new float[] {.49f, .59f, .51f, .61f},
        new float[] {.69f, .81f});
  }

  @Test
  void withoutBiasCorrectionItMovesThemByRootTenOfThat() {
    float step = (float) Math.sqrt(10) * 0.01f;
    assertValues(
        WorkedStep.with(Optimizer.adam(0.01).withoutBiasCorrection()).after(),
        new float[] {.0683773f, .1683773f, .0683773f, .1683773f},
        new float[] {.2683773f, .3683772f},
        new float[] {.5f - step, .6f - step, .5f + step, .6f + step},
        new float[] {.7f - step, .8f + step});
  }

  private static void assertValues(
      Map<String, float[]> values, float[] w1, float[] b1, float[] w2, float[] b2) {
    assertThat(values)
        .containsOnlyKeys(
            "hidden.linear.weight", "hidden.linear.bias", "output.weight", "output.bias");
    assertThat(values.get("hidden.linear.weight")).containsExactly(w1, CLOSE);
    assertThat(values.get("hidden.linear.bias")).containsExactly(b1, CLOSE);
    assertThat(values.get("output.weight")).containsExactly(w2, CLOSE);
    assertThat(values.get("output.bias")).containsExactly(b2, CLOSE);
  }

  @Test
  void printsEachValueWithItsFormula() {
    Lanewise run = Lanewise.run("train", "worked-example");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().map(String::strip))
        .containsSubsequence(
            "h   = relu(x·W1ᵀ + b1) = [[0.8, 0.9], [1.7, 1.8]]",
            "y   = relu(h·W2ᵀ + b2) = [[1.64, 1.74], [2.63, 2.73]]",
            "L   = mean of (y − t)² over 4 values = 0.28675",
            "dW2 = (dy ⊙ [y > 0])ᵀ·h, dy = 2(y − t)/4 = [[0.8765, 0.945], [-0.4185, -0.45]]",
            "db2 = column sums of dy ⊙ [y > 0] = [0.685, -0.315]",
            "dW1 = (dh ⊙ [h > 0])ᵀ·x, dh = (dy ⊙ [y > 0])·W2 = [[0.455, 0.64], [0.546, 0.768]]",
            "db1 = column sums of dh ⊙ [h > 0] = [0.185, 0.222]",
            "W1  = [[0.09, 0.19], [0.09, 0.19]]",
            "b1  = [0.29, 0.39]",
            "W2  = [[0.49, 0.59], [0.51, 0.61]]",
            "b2  = [0.69, 0.81]",
            "W1  = [[0.068377, 0.168377], [0.068377, 0.168377]]",
            "b1  = [0.268377, 0.368377]");
  }
}
