package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/**
 * Batch norm of [batch, channels, spatial] and its gradients.
 *
 * <p>A sum over a channel goes through its runs of spatial elements in order; element j of a run
 * belongs to lane {@code j mod 16}. Before a lane gets more than {@link #LANE_ELEMENTS} elements,
 * the lanes are added to the total and begin at 0 again.
 */
public interface BatchNormKernels {
  /** Elements that a lane adds at most before it is added to the total. */
  int LANE_ELEMENTS = 256;

  /**
   * {@code y = (x − mean) · rstd · weight + bias} with the mean and variance of each channel {@code
   * from ≤ c < to}; the running ones move towards them by {@code momentum}. y may be x.
   *
   * <p>Differences to the channel's first element are summed, so that an offset does not matter.
   * The mean is kept as a sum, {@code mean + rest}.
   */
  void training(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment runningMeans,
      MemorySegment runningVariances,
      float epsilon,
      float momentum,
      long batch,
      long channels,
      long spatial,
      long from,
      long to);

  /**
   * {@code y = (x − mean) · rstd · weight + bias} with {@code rstd = 1 / √(variance + epsilon)},
   * which is written, in each channel {@code from ≤ c < to}; y may be x.
   */
  void evaluation(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment means,
      MemorySegment variances,
      MemorySegment y,
      MemorySegment rstds,
      float epsilon,
      long batch,
      long channels,
      long spatial,
      long from,
      long to);

  /**
   * The gradients of {@link #training}, or else of {@link #evaluation}, in each channel {@code from
   * ≤ c < to}, or added to what is there. With {@code z = (x − mean) · rstd}: {@code dbias = Σ dy},
   * {@code dweight = Σ dy · z}, {@code dx = weight · rstd · dy}, in training less {@code weight ·
   * rstd · (dbias + z · dweight) / (batch · spatial)}. dx may be dy.
   */
  void backward(
      boolean training,
      boolean accumulate,
      boolean accumulateParameters,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dx,
      MemorySegment dWeight,
      MemorySegment dBias,
      long batch,
      long channels,
      long spatial,
      long from,
      long to);
}
