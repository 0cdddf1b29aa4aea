package org.lanewise.nn.train;

import java.util.List;
import java.util.Map;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.TensorType;

/**
 * How gradients are kept small: first each element, then the norm of all of them together.
 *
 * @param value the largest magnitude of an element, above 0; infinity if there is no limit
 * @param norm the largest Euclidean norm, above 0; infinity if there is no limit
 */
record Clip(double value, double norm) {
  /** No limits. */
  static final Clip NONE = new Clip(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  Clip withValue(double limit) {
    Ranges.aboveZero("clipValue", limit);
    return new Clip(limit, norm);
  }

  Clip withNorm(double limit) {
    Ranges.aboveZero("clipNorm", limit);
    return new Clip(value, limit);
  }

  /** The limits as settings of a training. */
  Map<String, String> settings() {
    return Map.of("clip_value", Double.toString(value), "clip_norm", Double.toString(norm));
  }

  /** What it costs to clip so many elements. */
  Cost cost(long elements) {
    List<TensorType> inputs = List.of(TensorType.f32(elements), TensorType.f32());
    Cost byValue = hasValue() ? Cost.of(new ClipOp.ClipValue(value), inputs) : Cost.ZERO;
    return hasNorm() ? byValue.plus(Cost.of(new ClipOp.ClipNorm(norm), inputs)) : byValue;
  }

  boolean hasValue() {
    return value < Double.POSITIVE_INFINITY;
  }

  boolean hasNorm() {
    return norm < Double.POSITIVE_INFINITY;
  }
}
