package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.op.UpdateOp;

/**
 * Optimizer steps, and clipping of gradients before. The formulas are those of {@link UpdateOp} and
 * {@link ClipOp}. In each, gradients are first multiplied with the gradient scale.
 */
public interface OptimizerKernels {
  /** What keeps a norm of 0 from being divided by. */
  double CLIP_EPSILON = 1e-6;

  /** The factor that makes a norm at most another one: {@code min(1, maxNorm / (norm + 10⁻⁶))}. */
  static double clipFactor(double norm, double maxNorm) {
    return Math.min(1, maxNorm / (norm + CLIP_EPSILON));
  }

  /** Clips elements {@code from ≤ i < to} by value; {@code clipped} may be the gradient. */
  void clip(
      float limit,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment clipped,
      long from,
      long to);

  /**
   * Stochastic gradient descent on elements {@code from ≤ i < to}.
   *
   * @param velocity null if the momentum is 0
   */
  void sgd(
      UpdateOp.Sgd op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment velocity,
      long from,
      long to);

  /**
   * RMSprop on elements {@code from ≤ i < to}.
   *
   * @param mean null if the op is not centered
   * @param velocity null if the momentum is 0
   */
  void rmsProp(
      UpdateOp.RmsProp op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment2,
      MemorySegment mean,
      MemorySegment velocity,
      long from,
      long to);

  /** Adagrad on elements {@code from ≤ i < to}, with the learning rate already decayed. */
  void adagrad(
      double epsilon,
      double weightDecay,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment sum,
      long from,
      long to);

  /**
   * Adam or AdamW on elements {@code from ≤ i < to}.
   *
   * @param maximum the largest second moments so far; null if the op is not AMSGrad
   */
  void adam(
      UpdateOp.Adam op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2,
      MemorySegment maximum,
      long from,
      long to);
}
