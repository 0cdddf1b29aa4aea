package org.lanewise.nn.metrics;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;
import org.lanewise.nn.HostTensor;

/**
 * What a metric compares.
 *
 * <p>For a classifier, the output is f32 logits or probabilities [labels' shape…, classes], and the
 * row's class is that of the largest one, the first of several. An output with the shape of the
 * labels, or with one column, is that of two classes: the logits of class 1, which a row has if its
 * logit is above 0. Labels are i32, i64 or u8, or whole f32 numbers.
 *
 * @param output name of an output of the traced function
 * @param target name of the tensor that it is compared with
 * @param ignoreIndex the label of rows that do not count
 */
public record Source(String output, String target, OptionalInt ignoreIndex) {
  /** The output {@code logits} and the tensor {@code label}. */
  public static final Source CLASSES = of("logits", "label");

  /** The output {@code output} and the tensor {@code target}. */
  public static final Source VALUES = of("output", "target");

  /** Checks that all are given. */
  public Source {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(ignoreIndex, "ignoreIndex");
  }

  /** An output and a tensor of the batch. */
  public static Source of(String output, String target) {
    return new Source(output, target, OptionalInt.empty());
  }

  /** This source without the rows of a label, such as that of padding. */
  public Source ignoreIndex(int label) {
    return new Source(output, target, OptionalInt.of(label));
  }

  /** The rows of a batch. */
  Rows rows(Function<String, HostTensor> tensors) {
    return new Rows(this, tensors.apply(output), tensors.apply(target));
  }

  /** The elements of a batch. */
  Values values(Function<String, HostTensor> tensors) {
    return new Values(this, tensors.apply(output), tensors.apply(target));
  }
}
