package org.lanewise.nn;

import java.util.function.Function;
import java.util.function.Supplier;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.op.Shape;

/** What becomes of the losses of rows or elements. */
public enum LossReduction {
  /** They stay. */
  NONE,
  /** Their sum. */
  SUM,
  /** Their sum, divided by the number of those that count. */
  MEAN,
  /** Their sum, divided by the length of the first axis. */
  BATCH_MEAN;

  /** The losses as they are, or what is made of them. */
  Tensor of(Tensor losses) {
    return of(
        losses.shape(),
        () -> losses,
        reduction -> reduction == Reduction.SUM ? losses.sum() : losses.mean());
  }

  /**
   * Losses of which an op makes the sum or the mean.
   *
   * @param shape that of the losses
   * @param losses makes them
   * @param reduced makes their sum or mean
   */
  Tensor of(Shape shape, Supplier<Tensor> losses, Function<Reduction, Tensor> reduced) {
    return switch (this) {
      case NONE -> losses.get();
      case SUM -> reduced.apply(Reduction.SUM);
      case MEAN -> reduced.apply(Reduction.MEAN);
      case BATCH_MEAN -> {
        Tensor sum = reduced.apply(Reduction.SUM);
        yield shape.rank() == 0 ? sum : sum.mul(1f / shape.dimension(0));
      }
    };
  }
}
