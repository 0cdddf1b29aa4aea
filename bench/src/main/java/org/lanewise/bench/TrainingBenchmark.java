package org.lanewise.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Samples per second of training a classifier of ten classes on random data with Adam. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public abstract class TrainingBenchmark {
  private static final int CLASSES = 10;

  /** Threads of the backend. */
  @Param({"1", "2"})
  public int threads;

  private Trainer trainer;
  private Batches data;
  private int epochs;

  /**
   * Makes random data and checks that the loss falls.
   *
   * @param batch samples of a step
   * @param inputs shape of all samples, the first dimension their number
   */
  <M extends Record & Layer> void prepare(M model, int batch, long... inputs) {
    int samples = Math.toIntExact(inputs[0]);
    int elements = 1;
    for (long dimension : inputs) {
      elements = Math.multiplyExact(elements, Math.toIntExact(dimension));
    }
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[elements];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    int[] labels = random.ints(samples, 0, CLASSES).toArray();
    data =
        Batches.of(
                MemoryDataset.of("x", HostTensor.of(values, inputs))
                    .and("label", HostTensor.of(labels, samples)))
            .size(batch)
            .shuffle();
    trainer = Trainer.classifier(model).threads(threads).optimizer(Optimizer.adam(1e-3)).build();
    double first = trainEpoch();
    double second = trainEpoch();
    if (!(second < first)) {
      throw new AssertionError("the loss went from %s to %s".formatted(first, second));
    }
  }

  /** Trains an epoch; its mean loss. */
  final double trainEpoch() {
    return trainer.fit(data, ++epochs).last().trainLoss();
  }

  /** Frees memory and threads. */
  @TearDown
  public void tearDown() {
    trainer.close();
  }
}
