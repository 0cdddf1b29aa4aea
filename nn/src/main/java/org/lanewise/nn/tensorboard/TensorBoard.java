package org.lanewise.nn.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Pace;
import org.lanewise.nn.train.Trainer;

/**
 * Writes a training to an event file for TensorBoard: {@code train/…} after some steps, {@code
 * epoch/…} after each epoch, both by the number of optimizer steps, and the graph of the loss. The
 * file is on the disk after each epoch.
 *
 * <p>Each {@link Trainer#fit} writes a new file. One that goes on where another ended, in this
 * process or after a resume, continues its curves; what a process that was killed wrote beyond the
 * checkpoint is marked as void.
 *
 * <p>Each method but those of {@link Callback} changes a setting and returns this object.
 */
public final class TensorBoard implements Callback {
  private final Path folder;
  private int everySteps = 10;
  private int histogramSteps;
  private Map<String, Object> hyperparameters = Map.of();
  private EventFile file;

  private TensorBoard(Path folder) {
    this.folder = Objects.requireNonNull(folder, "folder");
  }

  /** Writes to a folder, which is created if need be. */
  public static TensorBoard to(Path folder) {
    return new TensorBoard(folder);
  }

  /**
   * After how many steps loss, learning rate and speed are written; 10 unless set.
   *
   * @throws IllegalArgumentException if there are fewer than 1
   */
  public TensorBoard everySteps(int steps) {
    Ranges.atLeast("everySteps", 1, steps);
    everySteps = steps;
    return this;
  }

  /**
   * After how many steps histograms of all parameters and gradients are written, which copies them
   * from the device; never unless set.
   *
   * @throws IllegalArgumentException if there are fewer than 1
   */
  public TensorBoard histograms(int steps) {
    Ranges.atLeast("histograms", 1, steps);
    histogramSteps = steps;
    return this;
  }

  /**
   * What the training is set to; nothing unless set.
   *
   * @param values numbers, booleans and strings by name
   * @throws IllegalArgumentException if a value is something else
   */
  public TensorBoard hyperparameters(Map<String, ?> values) {
    HyperparametersMessage.check(values);
    hyperparameters = new LinkedHashMap<>(values);
    return this;
  }

  /**
   * The file of the running {@link Trainer#fit}, for what else another callback wants to show.
   *
   * @throws IllegalStateException before the first step of that and after its end
   */
  public EventFile file() {
    if (file == null) {
      throw new IllegalStateException("no training is running that writes to " + folder);
    }
    return file;
  }

  @Override
  public void onStep(Trainer trainer) {
    try {
      open(trainer);
      long step = trainer.steps();
      if (step % everySteps == 0) {
        file.scalar("train/loss", step, trainer.stepLoss());
        file.scalar("train/learning_rate", step, trainer.learningRate());
        Pace pace = trainer.pace();
        file.scalar("train/samples_per_s", step, pace.samplesPerSecond());
        if (!Double.isNaN(pace.utilization())) {
          file.scalar("train/utilization", step, pace.utilization());
        }
      }
      if (histogramSteps > 0 && step % histogramSteps == 0) {
        histograms(trainer, step);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void open(Trainer trainer) throws IOException {
    if (file == null) {
      file = EventFile.create(folder);
      file.begin(trainer.steps());
      file.graph(trainer.lossGraph(trainer.batchSignature()));
      if (!hyperparameters.isEmpty()) {
        file.hyperparameters(hyperparameters, List.of("epoch/train_loss", "epoch/validation_loss"));
      }
    }
  }

  private void histograms(Trainer trainer, long step) throws IOException {
    for (var parameter : trainer.weights().tensors().entrySet()) {
      file.histogram(tag("parameters", parameter.getKey()), step, parameter.getValue());
    }
    for (var gradient : trainer.gradients().entrySet()) {
      file.histogram(tag("gradients", gradient.getKey()), step, gradient.getValue());
    }
  }

  private static String tag(String group, String name) {
    return group + "/" + name.replace('.', '/');
  }

  @Override
  public void onEpoch(Trainer trainer, EpochResult result) throws IOException {
    long step = trainer.steps();
    open(trainer);
    file.scalar("epoch/train_loss", step, result.trainLoss());
    if (result.validation() != null) {
      file.scalar("epoch/validation_loss", step, result.validation().loss());
      for (var metric : result.validation().metrics().entrySet()) {
        file.scalar("epoch/validation_" + metric.getKey(), step, metric.getValue());
      }
    }
    file.scalar("epoch/samples_per_s", step, result.samplesPerSecond());
    if (!Double.isNaN(result.utilization())) {
      file.scalar("epoch/utilization", step, result.utilization());
    }
    file.flush();
  }

  @Override
  public void onEnd(Trainer trainer) throws IOException {
    close(!trainer.stopped(), true);
  }

  @Override
  public void onFailure() {
    try {
      close(true, false);
    } catch (IOException _) { // what ended the training is what its caller has to know
    }
  }

  /**
   * Closes the file.
   *
   * @param ended whether the training is over, and not only stopped
   */
  private void close(boolean ended, boolean success) throws IOException {
    if (file != null) {
      try (EventFile closed = file) {
        file = null;
        if (ended && !hyperparameters.isEmpty()) {
          closed.end(success);
        }
      }
    }
  }
}
