package org.lanewise.nn.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.io.StoredTensor;

/** The tensors of a file are not those of a model. Nothing has been loaded. */
public final class MismatchedWeightsException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 3;

  private final transient List<String> missing;
  private final transient List<String> unexpected;
  private final transient List<String> mismatched;

  MismatchedWeightsException(
      Path file, List<String> missing, List<String> unexpected, List<String> mismatched) {
    super(message(file, missing, unexpected, mismatched));
    this.missing = List.copyOf(missing);
    this.unexpected = List.copyOf(unexpected);
    this.mismatched = List.copyOf(mismatched);
  }

  private static String message(
      Path file, List<String> missing, List<String> unexpected, List<String> mismatched) {
    List<String> parts = new ArrayList<>();
    describe(parts, "missing ", missing);
    describe(parts, "unexpected ", unexpected);
    describe(parts, "", mismatched);
    return file + ": does not fit the model: " + String.join("; ", parts);
  }

  private static void describe(List<String> parts, String what, List<String> tensors) {
    if (!tensors.isEmpty()) {
      String shown = String.join(", ", tensors.subList(0, Math.min(SHOWN, tensors.size())));
      int rest = tensors.size() - SHOWN;
      parts.add(what + shown + (rest > 0 ? " and %d more".formatted(rest) : ""));
    }
  }

  /** Names that the model has and the file has not. */
  public List<String> missing() {
    return missing;
  }

  /** Names that the file has and the model has not. */
  public List<String> unexpected() {
    return unexpected;
  }

  /** Tensors that have another shape in the file, with both types. */
  public List<String> mismatched() {
    return mismatched;
  }

  /**
   * Compares what a file has with what a model has.
   *
   * @param types of the model's tensors
   * @param tensors of the file
   * @param ignored names that need not be in the model
   * @throws MismatchedWeightsException if they differ
   */
  static void unlessSame(
      Path file,
      Map<String, TensorType> types,
      Map<String, StoredTensor> tensors,
      Predicate<String> ignored)
      throws MismatchedWeightsException {
    List<String> missing = new ArrayList<>();
    List<String> mismatched = new ArrayList<>();
    types.forEach((name, type) -> {
      StoredTensor tensor = tensors.get(name);
      if (tensor == null) {
        missing.add(name);
      } else if (!tensor.shape().equals(type.shape())) {
        mismatched.add("%s is %s but the model has %s".formatted(name, tensor, type));
      }
    });
    List<String> unexpected =
        tensors.keySet().stream()
            .filter(name -> !types.containsKey(name) && !ignored.test(name))
            .toList();
    if (!missing.isEmpty() || !mismatched.isEmpty() || !unexpected.isEmpty()) {
      throw new MismatchedWeightsException(file, missing, unexpected, mismatched);
    }
  }
}
