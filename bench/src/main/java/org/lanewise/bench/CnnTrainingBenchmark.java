package org.lanewise.bench;

import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.linear;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Conv2d;
import org.lanewise.nn.layers.Linear;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/**
 * Samples per second of training a classifier of 28 × 28 pictures with two convolutions of 3 × 3,
 * pooling and two linear layers, batch 64, Adam.
 */
public class CnnTrainingBenchmark extends TrainingBenchmark {
  private static final int SAMPLES = 1280;

  /** The model. */
  public record Cnn(Conv2d conv1, Conv2d conv2, Linear fc1, Linear fc2) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      Tensor features = conv2.forward(conv1.forward(x).relu()).relu().maxPool(2);
      return fc2.forward(fc1.forward(features.flatten()).relu());
    }
  }

  /** Prepares a training. */
  @Setup
  public void setUp() {
    Cnn model = new Cnn(conv2d(1, 32, 3), conv2d(32, 64, 3), linear(9216, 128), linear(128, 10));
    prepare(model, 64, SAMPLES, 1, 28, 28);
  }

  /** One epoch. */
  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public double epoch() {
    return trainEpoch();
  }
}
