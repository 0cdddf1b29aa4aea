package org.lanewise.nn.train;

import java.util.List;
import java.util.Objects;
import org.lanewise.kernels.op.Ranges;

/**
 * Multiplies the learning rate when a metric has not become better for some epochs, with the rules
 * of PyTorch's ReduceLROnPlateau. It is a function of the training's history, which a checkpoint
 * has, and needs no state of its own.
 *
 * @param metric name of a metric of the validation set, {@value #LOSS} for its loss, or {@value
 *     #TRAIN_LOSS} for that of the training set
 * @param larger whether a larger metric is better; else a smaller one is
 * @param gamma what the factor is multiplied by, in (0, 1)
 * @param patience epochs that may pass without a better metric, at least 0; the next one counts
 * @param threshold relative to the best metric, by how much another must be better, in [0, 1)
 * @param cooldown epochs after a change that do not count, at least 0
 * @param least factor that it does not fall below, in [0, 1]
 */
public record Plateau(
    String metric,
    boolean larger,
    double gamma,
    int patience,
    double threshold,
    int cooldown,
    double least)
    implements Schedule {
  /** The name of the validation set's loss. */
  public static final String LOSS = "loss";

  /** The name of the training set's loss. */
  public static final String TRAIN_LOSS = "train_loss";

  /** Checks the ranges. */
  public Plateau {
    Objects.requireNonNull(metric, "metric");
    if (!(gamma > 0 && gamma < 1)) {
      throw new IllegalArgumentException("gamma must be in (0, 1) but is " + gamma);
    }
    Ranges.atLeast("patience", 0, patience);
    if (!(threshold >= 0 && threshold < 1)) {
      throw new IllegalArgumentException("threshold must be in [0, 1) but is " + threshold);
    }
    Ranges.atLeast("cooldown", 0, cooldown);
    if (!(least >= 0 && least <= 1)) {
      throw new IllegalArgumentException("least must be in [0, 1] but is " + least);
    }
  }

  /** This schedule by a metric of which a larger value is better, such as accuracy. */
  public Plateau ofLarger(String name) {
    return new Plateau(name, true, gamma, patience, threshold, cooldown, least);
  }

  /** This schedule by a metric of which a smaller value is better, such as an error. */
  public Plateau ofSmaller(String name) {
    return new Plateau(name, false, gamma, patience, threshold, cooldown, least);
  }

  /** This schedule with another threshold, 1e-4 unless set. */
  public Plateau threshold(double relative) {
    return new Plateau(metric, larger, gamma, patience, relative, cooldown, least);
  }

  /** This schedule with epochs after a change that do not count, none unless set. */
  public Plateau cooldown(int epochs) {
    return new Plateau(metric, larger, gamma, patience, threshold, epochs, least);
  }

  /** This schedule with another least factor, 0 unless set. */
  public Plateau least(double factor) {
    return new Plateau(metric, larger, gamma, patience, threshold, cooldown, factor);
  }

  /** That of a training without history: the learning rate as it is. */
  @Override
  public double factor(long step) {
    return 1;
  }

  /**
   * The factor after the epochs so far.
   *
   * @throws IllegalStateException if an epoch has no such metric
   */
  @Override
  public double factor(long step, History history) {
    double best = larger ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    double factor = 1;
    int worse = 0;
    int cooling = 0;
    List<EpochResult> epochs = history.epochs();
    for (int i = 0; i < epochs.size(); i++) { // without an iterator, as a step allocates nothing
      double value = value(epochs.get(i));
      if (isBetter(value, best)) {
        best = value;
        worse = 0;
      } else {
        worse++;
      }
      if (cooling > 0) {
        cooling--;
        worse = 0;
      }
      if (worse > patience) {
        factor = Math.max(factor * gamma, least);
        cooling = cooldown;
        worse = 0;
      }
    }
    return factor;
  }

  private boolean isBetter(double value, double best) {
    return larger ? value > best * (1 + threshold) : value < best * (1 - threshold);
  }

  private double value(EpochResult epoch) {
    if (metric.equals(TRAIN_LOSS)) {
      return epoch.trainLoss();
    }
    Evaluation validation = epoch.validation();
    if (validation == null) {
      throw new IllegalStateException(
          "the schedule follows '%s' of a validation set, which epoch %d had not"
              .formatted(metric, epoch.epoch()));
    }
    return metric.equals(LOSS) ? validation.loss() : validation.metric(metric);
  }
}
