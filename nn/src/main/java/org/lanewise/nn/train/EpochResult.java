package org.lanewise.nn.train;

/**
 * What an epoch brought.
 *
 * @param epoch number of the epoch, from 1
 * @param trainLoss mean loss over the epoch's batches, each before its step
 * @param validation loss and accuracy on the validation set after the epoch, or null without one
 * @param samplesPerSecond training speed, validation not counted
 * @param seconds training time, validation not counted
 * @param flops floating-point operations of the epoch's steps, as {@link Summary#step} counts them
 * @param utilization the share of the device's measured peak that these operations took, or NaN
 *     unless {@link TrainerBuilder#utilization} asked for it
 */
public record EpochResult(
    int epoch,
    double trainLoss,
    Evaluation validation,
    double samplesPerSecond,
    double seconds,
    long flops,
    double utilization) {
  /** Floating-point operations per second. */
  public double flopsPerSecond() {
    return flops / seconds;
  }
}
