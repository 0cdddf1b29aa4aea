package org.lanewise.nn.train;

import java.util.ArrayList;
import java.util.List;

/** How far a training has come: all that a resumed one must know besides tensors. */
final class Position {
  /** Steps since the start. */
  long steps;

  /** Samples of the running epoch that have been trained on. */
  int samplesDone;

  /** Sum of the losses of these samples. */
  double lossSum;

  /** Seconds spent on them. */
  double seconds;

  /** Finished epochs. */
  final List<EpochResult> epochs = new ArrayList<>();

  /** Number of the running epoch, from 1. */
  int epoch() {
    return epochs.size() + 1;
  }

  /** Starts the next epoch. */
  void finish(EpochResult result) {
    epochs.add(result);
    samplesDone = 0;
    lossSum = 0;
    seconds = 0;
  }
}
