package org.lanewise.nn.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.lanewise.kernels.op.Ranges;

/**
 * How a model is exported.
 *
 * @param batch what axis 0 of all inputs is called whose length may vary, or nothing if it may not
 * @param axes further axes whose lengths may vary, by the names of their lengths; axes of the same
 *     name are of the same length
 * @param externalData whether tensors are put into a file of their own, as they are in any case if
 *     they have 2 GB or more
 * @param metadata free text by key
 */
public record OnnxOptions(
    String batch,
    SequencedMap<Axis, String> axes,
    boolean externalData,
    SequencedMap<String, String> metadata) {
  /** Any batch, and other axes as the signature has them. */
  public static final OnnxOptions DEFAULT =
      new OnnxOptions("batch", new LinkedHashMap<>(), false, new LinkedHashMap<>());

  /** The sizes of the signature alone. */
  public static final OnnxOptions FIXED =
      new OnnxOptions("", new LinkedHashMap<>(), false, new LinkedHashMap<>());

  /**
   * An axis of an input.
   *
   * @param axis from 0
   */
  public record Axis(String input, int axis) {
    /** An axis by its number. */
    public Axis {
      Objects.requireNonNull(input, "input");
      Ranges.atLeast("axis", 0, axis);
    }
  }

  /** Options of copies. */
  public OnnxOptions {
    Objects.requireNonNull(batch, "batch");
    axes = copy(axes);
    metadata = copy(metadata);
  }

  private static <K, V> SequencedMap<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
  }

  /**
   * These options with one more axis whose length may vary.
   *
   * @param input that has the axis
   * @param axis from 0
   * @param name of the length, as in {@code time}; several axes may share it
   */
  public OnnxOptions dynamic(String input, int axis, String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("name must not be empty");
    }
    SequencedMap<Axis, String> more = new LinkedHashMap<>(axes);
    more.put(new Axis(input, axis), name);
    return new OnnxOptions(batch, more, externalData, metadata);
  }

  /**
   * These options with tensors in a file beside the model, which is called as the model is and
   * {@code .data}.
   */
  public OnnxOptions withExternalData() {
    return new OnnxOptions(batch, axes, true, metadata);
  }

  /** These options with free text under a key. */
  public OnnxOptions withMetadata(String key, String text) {
    SequencedMap<String, String> more = new LinkedHashMap<>(metadata);
    more.put(key, text);
    return new OnnxOptions(batch, axes, externalData, more);
  }
}
