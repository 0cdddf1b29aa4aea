package org.lanewise.nn.train;

import java.util.function.Function;
import org.lanewise.nn.HostTensor;

/** A number that tells how well a model does on a data set. */
public interface Metric {
  /** What it is called. */
  String name();

  /** Starts to look at a data set. */
  Measurement start();

  /** A metric of the batches so far. */
  interface Measurement {
    /**
     * Looks at a batch.
     *
     * @param tensors finds an output of the traced function or a tensor of the batch by its name;
     *     valid during the call
     * @param samples in the batch
     */
    void add(Function<String, HostTensor> tensors, int samples);

    /** The metric; NaN before the first batch. */
    double value();
  }

  /** The share of samples whose label the classifier finds, by the largest logit. */
  static Metric accuracy() {
    return new Accuracy("logits", "label");
  }
}
