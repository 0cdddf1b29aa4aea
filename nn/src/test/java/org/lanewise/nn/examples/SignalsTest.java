package org.lanewise.nn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.nn.layers.Layers.conv1d;
import static org.lanewise.nn.layers.Layers.convTranspose1d;
import static org.lanewise.nn.layers.Layers.residual;
import static org.lanewise.nn.layers.Layers.sequential;
import static org.lanewise.nn.layers.Pools.averagePool1d;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.PaddingMode;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Sequential;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.History;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.weights.Weights;

/** Periodic signals without their noise: they are made shorter, and as long as before again. */
class SignalsTest {
  private static final int SAMPLES = 256;
  private static final int LENGTH = 22;
  private static final double NOISE = 0.3;

  private static Sequential model() {
    return sequential(
        conv1d(1, 12, 5).padding(2).paddingMode(PaddingMode.CIRCULAR),
        Tensor::relu,
        averagePool1d(2),
        residual(
            sequential(
                conv1d(12, 12, 3).padding(1).paddingMode(PaddingMode.CIRCULAR).groups(2),
                Tensor::tanh)),
        convTranspose1d(12, 1, 4).stride(2).padding(1));
  }

  private static final float[] CLEAN = new float[SAMPLES * LENGTH];
  private static final float[] NOISY = new float[SAMPLES * LENGTH];

  static {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < SAMPLES; i++) {
      double phase = random.nextDouble(2 * Math.PI);
      for (int t = 0; t < LENGTH; t++) {
        int at = i * LENGTH + t;
        CLEAN[at] = (float) Math.sin(phase + 4 * Math.PI * t / LENGTH);
        NOISY[at] = CLEAN[at] + (float) (NOISE * random.nextGaussian());
      }
    }
  }

  private static HostTensor noisy(int samples) {
    return HostTensor.of(Arrays.copyOf(NOISY, samples * LENGTH), samples, 1, LENGTH);
  }

  @Test
  void learnsToRemoveNoise() {
    MemoryDataset dataset =
        MemoryDataset.of("x", noisy(SAMPLES))
            .and("target", HostTensor.of(CLEAN, SAMPLES, 1, LENGTH));
    Sequential model = model();
    try (Trainer trainer =
        Trainer.of(
                Weights.of(model),
                in -> model.forward(in.get("x")).meanSquaredError(in.get("target")))
            .optimizer(Optimizer.adam(0.01))
            .build()) {
      History history = trainer.fit(Batches.of(dataset).size(32).shuffle(), 15);
      assertThat(history.last().trainLoss()).isLessThan(0.5 * NOISE * NOISE);
    }
  }

  @Test
  void isTheSameInABatchAndOnOtherDevices() {
    Sequential model = model();
    Weights weights = Weights.of(model).initialize(1);
    try (Session cpu = Session.open("cpu", weights);
        Session scalar = Session.open("scalar", weights)) {
      float[] whole = run(cpu, model, 9);
      assertThat(run(scalar, model, 9)).isEqualTo(whole);
      assertThat(whole).startsWith(run(cpu, model, 2));
    }
  }

  private static float[] run(Session session, Sequential model, int samples) {
    return session.run(in -> model.forward(in.get("x")), Map.of("x", noisy(samples))).toFloats();
  }
}
