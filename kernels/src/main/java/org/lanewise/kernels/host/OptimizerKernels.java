package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.UpdateOp;

/** Optimizer steps. The formulas are those of {@link UpdateOp}. */
public interface OptimizerKernels {
  /**
   * Stochastic gradient descent on elements {@code from ≤ i < to}.
   *
   * @param velocity null if the momentum is 0
   */
  void sgd(
      UpdateOp.Sgd op,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment velocity,
      long from,
      long to);

  /** RMSprop on elements {@code from ≤ i < to}. */
  void rmsProp(
      UpdateOp.RmsProp op,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment2,
      long from,
      long to);

  /** Adagrad on elements {@code from ≤ i < to}, with the learning rate already decayed. */
  void adagrad(
      double epsilon,
      double weightDecay,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment sum,
      long from,
      long to);

  /** Adam or AdamW on elements {@code from ≤ i < to}. */
  void adam(
      UpdateOp.Adam op,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2,
      long from,
      long to);
}
