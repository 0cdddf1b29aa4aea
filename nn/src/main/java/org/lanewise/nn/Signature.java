package org.lanewise.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.lanewise.kernels.op.TensorType;

/**
 * Names and types of the inputs of a function of tensors.
 *
 * @param types by name
 */
public record Signature(SequencedMap<String, TensorType> types) {
  /** A signature of a copy. */
  public Signature {
    types = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(types));
  }

  /** One input. */
  public static Signature of(String name, TensorType type) {
    return new Signature(new LinkedHashMap<>(Map.of(name, type)));
  }

  /**
   * These inputs and another one.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  public Signature and(String name, TensorType type) {
    SequencedMap<String, TensorType> more = new LinkedHashMap<>(types);
    if (more.putIfAbsent(name, type) != null) {
      throw new IllegalArgumentException("two inputs are called '" + name + "'");
    }
    return new Signature(more);
  }

  /** As in {@code x f32[32, 784], label i32[32]}. */
  @Override
  public String toString() {
    return types.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
