package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/**
 * Layer norm and RMS norm of rows, group norm, whose rows are groups of channels, and their
 * gradients.
 */
public interface RowNormKernels {
  /** Rows over which a parameter's gradient is summed before that is added to the rest. */
  long ROW_BLOCK = 128;

  /**
   * {@code y = (x − mean) · rstd · weight + bias} with {@code rstd = 1 / √(variance + epsilon)} in
   * each row {@code rowFrom ≤ i < rowTo}; y may be x.
   *
   * <p>Differences to the row's first element are summed, so that an offset does not matter. The
   * mean is kept as a sum, {@code mean + rest}.
   */
  void layerNorm(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment means,
      MemorySegment rstds,
      float epsilon,
      long columns,
      long rowFrom,
      long rowTo);

  /**
   * The gradient of {@link #layerNorm} in each row {@code rowFrom ≤ i < rowTo}, or added to dx;
   * {@code dx = rstd · (g − Σ g / columns − z · Σ g · z / columns)} with {@code g = dy · weight}
   * and {@code z = (x − mean) · rstd}. What rounding took from the mean is found again. dx may be
   * dy.
   */
  void layerNormBackward(
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dx,
      long columns,
      long rowFrom,
      long rowTo);

  /**
   * {@code dweight = Σᵢ dy · (x − mean) · rstd} and {@code dbias = Σᵢ dy}, or added to what is
   * there, for columns {@code columnFrom ≤ j < columnTo}. Blocks of {@link #ROW_BLOCK} rows are
   * summed from 0 and added one after the other.
   */
  void layerNormParameters(
      boolean accumulate,
      MemorySegment x,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      MemorySegment dBias,
      long rows,
      long columns,
      long columnFrom,
      long columnTo);

  /**
   * {@code y = x · rstd · weight} with {@code rstd = 1 / √(Σ x² / columns + epsilon)} in each row
   * {@code rowFrom ≤ i < rowTo}; y may be x.
   */
  void rmsNorm(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment y,
      MemorySegment rstds,
      float epsilon,
      long columns,
      long rowFrom,
      long rowTo);

  /**
   * The gradient of {@link #rmsNorm} in each row {@code rowFrom ≤ i < rowTo}, or added to dx;
   * {@code dx = rstd · (g − z · Σ g · z / columns)} with {@code g = dy · weight} and {@code z = x ·
   * rstd}. dx may be dy.
   */
  void rmsNormBackward(
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dx,
      long columns,
      long rowFrom,
      long rowTo);

  /**
   * {@code dweight = Σᵢ dy · x · rstd}, or added to what is there, for columns {@code columnFrom ≤
   * j < columnTo}, summed as in {@link #layerNormParameters}.
   */
  void rmsNormParameters(
      boolean accumulate,
      MemorySegment x,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      long rows,
      long columns,
      long columnFrom,
      long columnTo);

  /**
   * {@code y = (x − mean) · rstd · weight + bias} of x [batch, channels, spatial], with the mean
   * and deviation of each row {@code rowFrom ≤ i < rowTo}, which is the channels of group {@code i
   * mod groups} of a sample; y may be x. Statistics are those of {@link #layerNorm}.
   */
  void groupNorm(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment means,
      MemorySegment rstds,
      float epsilon,
      long groups,
      long channels,
      long spatial,
      long rowFrom,
      long rowTo);

  /**
   * The gradient of {@link #groupNorm} in each row {@code rowFrom ≤ i < rowTo}, or added to dx, as
   * in {@link #layerNormBackward}. Each channel is summed, element j of it in lane {@code j mod
   * 16}, and then the channels' sums in order. dx may be dy.
   */
  void groupNormBackward(
      boolean accumulate,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dx,
      long groups,
      long channels,
      long spatial,
      long rowFrom,
      long rowTo);

  /**
   * {@code dweight = Σ dy · (x − mean) · rstd} and {@code dbias = Σ dy}, or added to what is there,
   * for channels {@code from ≤ c < to}. A channel is summed in each sample as in {@link
   * #groupNormBackward}, and then the samples' sums in order.
   */
  void groupNormParameters(
      boolean accumulate,
      MemorySegment x,
      MemorySegment means,
      MemorySegment rstds,
      MemorySegment dy,
      MemorySegment dWeight,
      MemorySegment dBias,
      long batch,
      long groups,
      long channels,
      long spatial,
      long from,
      long to);
}
