package org.lanewise.nn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.lanewise.nn.Constant.constant;
import static org.lanewise.nn.layers.Layers.linear;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.Rule;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;

/** An optimizer of one's own. */
class LionTest {
  /** Lion: steps of one size in the direction of a running mean (Chen et al., NeurIPS 2023). */
  record Lion(double learningRate, float beta1, float beta2, float weightDecay)
      implements Rule.Custom {
    @Override
    public List<Shape> states(Shape parameter) {
      return List.of(parameter);
    }

    @Override
    public Rule.Update update(
        Tensor parameter, Tensor gradient, List<Tensor> states, Tensor learningRate) {
      Tensor mean = states.getFirst();
      Tensor newest = mean.mul(beta1).add(gradient.mul(1 - beta1));
      Tensor sign = newest.greaterThan(constant(0)).sub(newest.lessThan(constant(0)));
      Tensor step = sign.add(parameter.mul(weightDecay)).mul(learningRate);
      return new Rule.Update(parameter.sub(step), mean.mul(beta2).add(gradient.mul(1 - beta2)));
    }
  }

  private static final Lion LION = new Lion(0.003, 0.9f, 0.99f, 0.1f);

  record Mlp(Linear hidden, Linear out) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return out.forward(hidden.forward(x).relu());
    }
  }

  @TempDir private Path folder;

  private static TrainerBuilder settings() {
    return Trainer.classifier(new Mlp(linear(2, 16), linear(16, 2)))
        .seed(1)
        .threads(2)
        .optimizer(LION)
        .clipNorm(1);
  }

  /** Points inside and outside a circle. */
  private static Batches data() {
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[2 * 512];
    int[] inside = new int[512];
    for (int i = 0; i < 512; i++) {
      x[2 * i] = 2 * random.nextFloat() - 1;
      x[2 * i + 1] = 2 * random.nextFloat() - 1;
      inside[i] = Math.hypot(x[2 * i], x[2 * i + 1]) < 0.8 ? 1 : 0;
    }
    return Batches.of(
            MemoryDataset.of("x", HostTensor.of(x, 512, 2))
                .and("label", HostTensor.of(inside, 512)))
        .size(32)
        .shuffle();
  }

  private static Map<String, float[]> train(TrainerBuilder settings) {
    try (Trainer trainer = settings.build()) {
      trainer.fit(data(), 2);
      return trainer.weights().parametersToArrays();
    }
  }

  @Test
  void learns() {
    try (Trainer trainer = settings().build()) {
      assertThat(trainer.fit(data(), data(), 40).last().validation().accuracy())
          .isGreaterThan(0.95);
    }
  }

  @Test
  void givesTheSameBitsOnEveryDevice() {
    Map<String, float[]> expected = train(settings());
    assertThat(train(settings().threads(1))).usingRecursiveComparison().isEqualTo(expected);
    assertThat(train(settings().device("scalar"))).usingRecursiveComparison().isEqualTo(expected);
    try {
      Backends.devices("opencl");
    } catch (BackendUnavailableException missing) {
      abort(missing.getMessage());
    }
    assertThat(train(settings().device("opencl"))).usingRecursiveComparison().isEqualTo(expected);
  }

  @Test
  void resumesToTheSameBits() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Callback stop =
        Callback.eachStep(trainer -> {
          if (trainer.steps() == 21) {
            trainer.stop();
          }
        });
    train(settings().callbacks(stop, Callback.checkpoint(checkpoint)));
    try (Trainer trainer = settings().build()) {
      trainer.resume(checkpoint, data());
      assertThat(trainer.steps()).isEqualTo(21);
      trainer.fit(data(), 2);
      assertThat(trainer.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(train(settings()));
    }
  }

  /** The formula in f64, on the gradients of the training. */
  private static final class Reference implements Callback {
    private final Map<String, double[]> parameters = new HashMap<>();
    private final Map<String, double[]> means = new HashMap<>();

    @Override
    public void onStep(Trainer trainer) {
      trainer
          .gradients()
          .forEach((name, tensor) -> {
            float[] g = tensor.data().toArray(ValueLayout.JAVA_FLOAT);
            float[] actual = trainer.weights().toArray(name);
            double[] theta = parameters.get(name);
            double[] m = means.computeIfAbsent(name, _ -> new double[g.length]);
            for (int i = 0; i < g.length; i++) {
              double sign = Math.signum(0.9 * m[i] + 0.1 * g[i]);
              theta[i] -= 0.003 * (sign + 0.1 * theta[i]);
              m[i] = 0.99 * m[i] + 0.01 * g[i];
              assertThat((double) actual[i]).isCloseTo(theta[i], within(1e-6));
            }
          });
    }
  }

  @Test
  void followsTheFormula() {
    Reference reference = new Reference();
    try (Trainer trainer = settings().callbacks(reference).build()) {
      trainer
          .weights()
          .parametersToArrays()
          .forEach((name, elements) -> {
            double[] copy = new double[elements.length];
            for (int i = 0; i < copy.length; i++) {
              copy[i] = elements[i];
            }
            reference.parameters.put(name, copy);
          });
      trainer.fit(data(), 1);
    }
  }
}
