package org.lanewise.samples.mnist;

import java.io.IOException;
import java.nio.file.Path;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.metrics.Metric;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Schedule;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.weights.Weights;

/** The training of the small convolutional network as the command makes it, stopped on the way. */
final class SmallTraining {
  private static final int BATCH = 64;
  private static final int EPOCHS = 2;

  private SmallTraining() {}

  /** Writes the checkpoint of a training that was stopped after some steps. */
  static void untilStep(Path data, Path checkpoint, long steps) throws IOException {
    SmallConvolutionalClassifier model = new SmallConvolutionalClassifier();
    Batches batches =
        Batches.of(DigitModel.SMALL_CNN.training(Digits.train(data))).size(BATCH).shuffle();
    long all = EPOCHS * Math.ceilDiv(batches.samples(), BATCH);
    try (Trainer trainer =
        Trainer.of(
                Weights.of(model),
                in ->
                    model
                        .forward(in.get("x"))
                        .as("logits")
                        .crossEntropy(in.get("label").convert(DType.I32)))
            .metric(Metric.accuracy())
            .setting("model", "small-cnn")
            .seed(1)
            .optimizer(Optimizer.adamW(2e-3, 0.01))
            .schedule(Schedule.warmupCosine((long) (0.05 * all), all))
            .callbacks(
                Callback.eachStep(running -> {
                  if (running.steps() == steps) {
                    running.stop();
                  }
                }))
            .build()) {
      trainer.fit(
          batches, Batches.of(DigitModel.SMALL_CNN.testing(Digits.test(data))).size(BATCH), EPOCHS);
      trainer.saveCheckpoint(checkpoint);
    }
  }
}
