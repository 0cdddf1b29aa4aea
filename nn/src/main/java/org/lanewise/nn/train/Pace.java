package org.lanewise.nn.train;

/**
 * How fast the running epoch is so far, pauses and evaluations not counted; all NaN before its
 * first step.
 *
 * @param samplesPerSecond training speed
 * @param flopsPerSecond floating-point operations per second, as {@link Summary#step} counts them
 * @param utilization the share of the device's measured peak that these are; NaN before the peak is
 *     known, and unless {@link TrainerBuilder#utilization} asked for it
 */
public record Pace(double samplesPerSecond, double flopsPerSecond, double utilization) {
  /** The pace of an epoch that has taken so long. */
  static Pace of(Progress progress, double seconds, Peak peak) {
    double time = progress.samplesDone == 0 ? 0 : seconds;
    double flopsPerSecond = progress.flops / time;
    return new Pace(progress.samplesDone / time, flopsPerSecond, flopsPerSecond / peak.flops());
  }
}
