package org.lanewise.bench;

import static org.lanewise.nn.layers.Layers.linear;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Linear;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** Samples per second of training a 784-512-256-10 classifier, batch 128, Adam. */
public class MlpTrainingBenchmark extends TrainingBenchmark {
  private static final int SAMPLES = 12_800;

  /** The model. */
  public record Mlp(Linear fc1, Linear fc2, Linear fc3) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return fc3.forward(fc2.forward(fc1.forward(x).relu()).relu());
    }
  }

  /** Prepares a training. */
  @Setup
  public void setUp() {
    prepare(new Mlp(linear(784, 512), linear(512, 256), linear(256, 10)), 128, SAMPLES, 784);
  }

  /** One epoch. */
  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public double epoch() {
    return trainEpoch();
  }
}
