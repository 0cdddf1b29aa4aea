package org.lanewise.samples.training;

import java.nio.file.Path;
import java.util.Map;
import org.lanewise.nn.tensorboard.TensorBoard;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.TrainerBuilder;
import picocli.CommandLine.Option;

/** How a training is watched, whatever it trains. */
final class WatchingOptions {
  @Option(
      names = "--tensorboard",
      paramLabel = "DIR",
      description = "Also write event files for TensorBoard to this folder.")
  private Path tensorBoard;

  @Option(
      names = "--histograms",
      paramLabel = "N",
      description =
          "With --tensorboard: also histograms of parameters and gradients, every N steps.")
  private Integer histograms;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Write which op ran when, in three steps, to this file, for chrome://tracing and"
              + " Perfetto; of several trainings, the last.")
  private Path trace;

  @Option(
      names = "--check-finite",
      description =
          "Name the first op that makes a NaN or an infinity; the training is much slower.")
  private boolean checkFinite;

  /** Where the history of a training goes that is the only one of its run. */
  static Path history(Path out) {
    return history(out, "");
  }

  private static Path history(Path out, String name) {
    return out.resolve(name.isEmpty() ? "history.csv" : "history-%s.csv".formatted(name));
  }

  /**
   * Has a training watched as the user wants it, and its history kept.
   *
   * @param name that no other training of the run has, or nothing if there is no other
   * @param out the folder of its results
   * @param hyperparameters what it is set to
   * @throws IllegalArgumentException with a line for the user if an option is out of range
   */
  void apply(TrainerBuilder training, String name, Path out, Map<String, ?> hyperparameters) {
    training
        .utilization(true)
        .checkFinite(checkFinite)
        .callbacks(Callback.history(history(out, name)));
    if (trace != null) {
      training.trace(trace);
    }
    if (histograms != null && (tensorBoard == null || histograms < 1)) {
      throw new IllegalArgumentException(
          tensorBoard == null
              ? "--histograms needs --tensorboard"
              : "--histograms must be at least 1 but is " + histograms);
    }
    if (tensorBoard != null) {
      TensorBoard board =
          TensorBoard.to(tensorBoard.resolve(name)).hyperparameters(hyperparameters);
      training.callbacks(histograms == null ? board : board.histograms(histograms));
    }
  }
}
