package org.lanewise.nn.metrics;

import java.util.function.Function;
import org.lanewise.nn.HostTensor;

/**
 * A number that tells how well a model does on a data set.
 *
 * <p>Those made here compare an output of the traced function with a tensor of the batch, which a
 * {@link Source} names: unless it is given, {@link Source#CLASSES} for classifiers and {@link
 * Source#VALUES} for regressions.
 */
public interface Metric {
  /** What it is called; each metric of a training has another name. */
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

  /** This metric under another name, so that a training can have it twice. */
  default Metric named(String name) {
    return new Named(name, this);
  }

  /** The share of rows whose label the classifier finds, by the largest logit. */
  static Metric accuracy() {
    return accuracy(Source.CLASSES);
  }

  /** Accuracy of some output. */
  static Metric accuracy(Source source) {
    return new Accuracy(source);
  }

  /** The share of rows whose label is among the classes of the k largest logits. */
  static Metric topK(int k) {
    return topK(k, Source.CLASSES);
  }

  /** The share of rows of some output whose label is among the classes of the k largest logits. */
  static Metric topK(int k, Source source) {
    return new TopK(k, source);
  }

  /** Which part of the rows that get a class are of it. */
  static Metric precision(Average average) {
    return precision(average, Source.CLASSES);
  }

  /** Precision of some output. */
  static Metric precision(Average average, Source source) {
    return new ClassScore(ClassScore.Kind.PRECISION, average, source);
  }

  /** Which part of the rows of a class get it. */
  static Metric recall(Average average) {
    return recall(average, Source.CLASSES);
  }

  /** Recall of some output. */
  static Metric recall(Average average, Source source) {
    return new ClassScore(ClassScore.Kind.RECALL, average, source);
  }

  /** The harmonic mean of precision and recall. */
  static Metric f1(Average average) {
    return f1(average, Source.CLASSES);
  }

  /** F1 of some output. */
  static Metric f1(Average average, Source source) {
    return new ClassScore(ClassScore.Kind.F1, average, source);
  }

  /** The area under the curve of true over false positives, see {@link RocAuc}. */
  static Metric rocAuc() {
    return rocAuc(Source.CLASSES);
  }

  /** The area under the curve of some output. */
  static Metric rocAuc(Source source) {
    return new RocAuc(source);
  }

  /** The exponential of the mean cross-entropy of the rows. */
  static Metric perplexity() {
    return perplexity(Source.CLASSES);
  }

  /** Perplexity of some output. */
  static Metric perplexity(Source source) {
    return new Perplexity(source);
  }

  /** The root of the mean squared error of all elements. */
  static Metric rootMeanSquaredError() {
    return rootMeanSquaredError(Source.VALUES);
  }

  /** The root of the mean squared error of some output. */
  static Metric rootMeanSquaredError(Source source) {
    return new ErrorMetric(ErrorMetric.Kind.ROOT_MEAN_SQUARE, source);
  }

  /** The mean absolute error of all elements. */
  static Metric meanAbsoluteError() {
    return meanAbsoluteError(Source.VALUES);
  }

  /** The mean absolute error of some output. */
  static Metric meanAbsoluteError(Source source) {
    return new ErrorMetric(ErrorMetric.Kind.MEAN_ABSOLUTE, source);
  }

  /** The coefficient of determination, see {@link RSquared}. */
  static Metric rSquared() {
    return rSquared(Source.VALUES);
  }

  /** The coefficient of determination of some output. */
  static Metric rSquared(Source source) {
    return new RSquared(source);
  }
}
