package org.lanewise.samples.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.metrics.Metric;
import org.lanewise.nn.weights.Weights;

/**
 * What is trained, on what.
 *
 * @param kind the model's name, which a checkpoint keeps
 * @param weights of the model
 * @param loss a scalar, from the tensors of a batch
 * @param metrics what is measured after each epoch, the accuracy among them
 * @param train what to train on
 * @param test what to evaluate on
 * @param labels what distinguishes it from the other trainings of the same run, by name
 */
public record Training(
    String kind,
    Weights weights,
    Function<Tensors, Tensor> loss,
    List<Metric> metrics,
    Batches train,
    Batches test,
    SequencedMap<String, Object> labels) {
  /** A training with copies of the collections. */
  public Training {
    Objects.requireNonNull(kind, "kind");
    metrics = List.copyOf(metrics);
    labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
  }

  /** The only training of its run, which the accuracy is measured of. */
  public static Training alone(
      String kind, Weights weights, Function<Tensors, Tensor> loss, Batches train, Batches test) {
    return new Training(
        kind, weights, loss, List.of(Metric.accuracy()), train, test, new LinkedHashMap<>());
  }

  /** The labels as part of a file's name, as in {@code examples-1000-fold-3}; empty if none. */
  String name() {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "-" + label.getValue())
        .collect(Collectors.joining("-"));
  }
}
