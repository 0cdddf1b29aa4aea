package org.lanewise.samples.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.nn.weights.Weights;

/**
 * What is trained, on what.
 *
 * @param kind the model's name, which a checkpoint keeps
 * @param weights of the model
 * @param loss a scalar, from the tensors of a batch; it names the tensors that metrics read, such
 *     as {@code logits}
 * @param train what to train on
 * @param test what to evaluate on
 * @param labels what distinguishes it from the other trainings of the same run, by name
 * @param measure what its epochs are judged by
 * @param settings changes what the trainer is set to besides; a {@linkplain TrainerBuilder#setting
 *     setting} of the sample's own has the name of its option
 */
public record Training(
    String kind,
    Weights weights,
    Function<Tensors, Tensor> loss,
    Batches train,
    Batches test,
    SequencedMap<String, Object> labels,
    Measure measure,
    Consumer<TrainerBuilder> settings) {
  /** A training with a copy of the labels. */
  public Training {
    Objects.requireNonNull(kind, "kind");
    labels = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(labels));
  }

  /** The training of a classifier, judged by its accuracy. */
  public Training(
      String kind,
      Weights weights,
      Function<Tensors, Tensor> loss,
      Batches train,
      Batches test,
      SequencedMap<String, Object> labels) {
    this(kind, weights, loss, train, test, labels, Measure.ACCURACY, _ -> {});
  }

  /**
   * The training of a classifier with cross-entropy, the only one of its run.
   *
   * @param model a record that maps an input {@code x} to logits; samples have a {@code label}, too
   */
  public static Training classifier(String kind, Layer model, Batches train, Batches test) {
    return new Training(
        kind,
        Weights.of((Record) model),
        in ->
            model
                .forward(in.get("x"))
                .as("logits")
                .crossEntropy(in.get("label").convert(DType.I32)),
        train,
        test,
        new LinkedHashMap<>());
  }

  /** The labels as part of a file's name, as in {@code examples-1000-fold-3}; empty if none. */
  String name() {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "-" + label.getValue())
        .collect(Collectors.joining("-"));
  }
}
