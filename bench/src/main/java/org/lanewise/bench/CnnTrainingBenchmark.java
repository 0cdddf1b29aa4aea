package org.lanewise.bench;

import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.linear;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Conv2d;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Samples per second of training a classifier of 28 × 28 pictures with two convolutions of 3 × 3,
 * pooling and two linear layers, batch 64, Adam.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class CnnTrainingBenchmark {
  private static final int SAMPLES = 1280;

  /** Threads of the backend. */
  @Param({"1", "2"})
  public int threads;

  private Trainer trainer;
  private Batches data;
  private int epochs;

  /** The model. */
  public record Cnn(Conv2d conv1, Conv2d conv2, Linear fc1, Linear fc2) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      Tensor features = conv2.forward(conv1.forward(x).relu()).relu().maxPool(2);
      return fc2.forward(fc1.forward(features.flatten()).relu());
    }
  }

  /** Makes random data and checks that the loss falls. */
  @Setup
  public void setUp() {
    SplittableRandom random = new SplittableRandom(1);
    float[] inputs = new float[SAMPLES * 784];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextFloat();
    }
    int[] labels = random.ints(SAMPLES, 0, 10).toArray();
    data =
        Batches.of(
                MemoryDataset.of("x", HostTensor.of(inputs, SAMPLES, 1, 28, 28))
                    .and("label", HostTensor.of(labels, SAMPLES)))
            .size(64)
            .shuffle();
    trainer =
        Trainer.classifier(
                new Cnn(conv2d(1, 32, 3), conv2d(32, 64, 3), linear(9216, 128), linear(128, 10)))
            .threads(threads)
            .optimizer(Optimizer.adam(1e-3))
            .build();
    epoch();
    double first = trainer.history().last().trainLoss();
    epoch();
    double second = trainer.history().last().trainLoss();
    if (!(second < first)) {
      throw new AssertionError("the loss went from %s to %s".formatted(first, second));
    }
  }

  /** One epoch. */
  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public double epoch() {
    return trainer.fit(data, ++epochs).last().trainLoss();
  }

  /** Frees memory and threads. */
  @TearDown
  public void tearDown() {
    trainer.close();
  }
}
