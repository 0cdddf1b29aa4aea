package org.lanewise.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Tensors by name: what a function of several gets, and what it returns.
 *
 * @param tensors by name
 */
public record Tensors(SequencedMap<String, Tensor> tensors) {
  /** A collection of copies. */
  public Tensors {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
  }

  /** One tensor. */
  public static Tensors of(String name, Tensor tensor) {
    return new Tensors(new LinkedHashMap<>(Map.of(name, tensor)));
  }

  /**
   * These tensors and another one.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  public Tensors and(String name, Tensor tensor) {
    SequencedMap<String, Tensor> more = new LinkedHashMap<>(tensors);
    if (more.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException("two tensors are called '" + name + "'");
    }
    return new Tensors(more);
  }

  /**
   * A tensor by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "no tensor is called '%s': there are %s".formatted(name, tensors.keySet()));
    }
    return tensor;
  }
}
