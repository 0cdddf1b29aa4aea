package org.lanewise.nn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.Constant.constant;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Init;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.History;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.weights.Weights;

/**
 * Regression by a mean of known values, weighted by a kernel of their distances (Nadaraya, "On
 * Estimating Regression", 1964), written with functions of elements, choices and products alone.
 */
class KernelRegressionTest {
  private static final int SAMPLES = 512;
  private static final int MOST = 24;

  /** What is trained is how fast the weights fall off. */
  record Regression(Parameter slope) {
    Regression() {
      this(Parameter.of(Init.constant(0.5f), 1));
    }

    /**
     * @param x [batch, most]
     * @param y [batch, most]
     * @param known [batch, most], 0 for what only fills up a sample
     * @param query [batch, 1]
     * @return [batch]
     */
    Tensor forward(Tensor x, Tensor y, Tensor known, Tensor query) {
      long batch = x.shape().dimension(0);
      long most = x.shape().dimension(1);
      Tensor kernel = x.sub(query).mul(slope).square().neg().exp();
      Tensor weights = Tensor.where(known.greaterThan(constant(0f)), kernel, constant(0f));
      Tensor sum = weights.reshape(batch, 1, most).matmul(y.reshape(batch, most, 1));
      return sum.reshape(batch).div(weights.sum(-1).maximum(constant(1e-20f)));
    }

    Tensor forward(Tensors in) {
      return forward(in.get("x"), in.get("y"), in.get("known"), in.get("query"));
    }
  }

  private static final float[] X = new float[SAMPLES * MOST];
  private static final float[] Y = new float[SAMPLES * MOST];
  private static final float[] KNOWN = new float[SAMPLES * MOST];
  private static final float[] QUERY = new float[SAMPLES];
  private static final float[] TARGET = new float[SAMPLES];

  static {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < SAMPLES; i++) {
      int known = MOST / 2 + random.nextInt(MOST / 2 + 1);
      for (int j = 0; j < known; j++) {
        int at = i * MOST + j;
        X[at] = random.nextFloat(-3, 3);
        Y[at] = (float) Math.sin(X[at]);
        KNOWN[at] = 1;
      }
      QUERY[i] = random.nextFloat(-2, 2);
      TARGET[i] = (float) Math.sin(QUERY[i]);
    }
  }

  private static Map<String, HostTensor> inputs() {
    return Map.of(
        "x", HostTensor.of(X, SAMPLES, MOST),
        "y", HostTensor.of(Y, SAMPLES, MOST),
        "known", HostTensor.of(KNOWN, SAMPLES, MOST),
        "query", HostTensor.of(QUERY, SAMPLES, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "scalar"})
  void isTheWeightedMean(String device) {
    Regression model = new Regression();
    try (Session session = Session.open(device, Weights.of(model).initialize(1))) {
      float[] actual = session.run(model::forward, inputs()).toFloats();
      for (int i = 0; i < actual.length; i++) {
        assertThat((double) actual[i]).isCloseTo(mean(i, QUERY[i]), within(1e-5));
      }
    }
  }

  private static double mean(int sample, double query) {
    double sum = 0;
    double total = 0;
    for (int at = sample * MOST; at < (sample + 1) * MOST && KNOWN[at] == 1; at++) {
      double weight = Math.exp(-Math.pow(0.5 * (X[at] - query), 2));
      total += weight;
      sum += weight * Y[at];
    }
    return sum / total;
  }

  @Test
  void learnsHowFarToLook() {
    MemoryDataset dataset = MemoryDataset.of("target", HostTensor.of(TARGET, SAMPLES));
    for (String name : List.of("x", "y", "known", "query")) {
      dataset = dataset.and(name, inputs().get(name));
    }
    Regression model = new Regression();
    try (Trainer trainer =
        Trainer.of(Weights.of(model), in -> model.forward(in).meanSquaredError(in.get("target")))
            .optimizer(Optimizer.adam(0.05))
            .build()) {
      History history = trainer.fit(Batches.of(dataset).size(32).shuffle(), 20);
      assertThat(history.epochs().getFirst().trainLoss()).isGreaterThan(0.06);
      assertThat(history.last().trainLoss()).isLessThan(0.025);
    }
  }
}
