package org.lanewise.nn;

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
    return switch (this) {
      case NONE -> losses;
      case SUM -> losses.sum();
      case MEAN -> losses.mean();
      case BATCH_MEAN -> perSample(losses.sum(), losses);
    };
  }

  /** A sum, divided by the length of the first axis of what was summed. */
  static Tensor perSample(Tensor sum, Operand summed) {
    return summed.shape().rank() == 0 ? sum : sum.mul(1f / summed.shape().dimension(0));
  }
}
