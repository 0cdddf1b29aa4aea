package org.lanewise.nn.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Components;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.pass.DeadNodes;

/**
 * Traces a function at several sizes, as a graph has no names for lengths: how those of its values
 * vary with those of its inputs shows how they are to be computed. No length that may vary is 1,
 * for which models make exceptions.
 */
final class SampledSizes {
  private static final int SAMPLES = 2;

  private final Components components;
  private final Function<Tensors, Tensors> function;
  private final Signature signature;
  private final SequencedMap<OnnxOptions.Axis, String> axes;
  private final SequencedMap<String, Long> lengths = new LinkedHashMap<>();
  private final List<SequencedMap<String, Long>> sizes = new ArrayList<>();
  private final List<Graph> graphs = new ArrayList<>();

  private SampledSizes(
      Components components,
      Function<Tensors, Tensors> function,
      Signature signature,
      OnnxOptions options) {
    this.components = components;
    this.function = function;
    this.signature = signature;
    axes = axes(signature, options);
    axes.forEach((axis, name) -> {
      long length = signature.types().get(axis.input()).shape().dimension(axis.axis());
      Long other = lengths.putIfAbsent(name, length);
      if (other != null && other != length) {
        throw new IllegalArgumentException(
            "axes called '%s' must have the same length but have %d and %d in %s: name them in the options"
                .formatted(name, other, length, signature));
      }
    });
  }

  /**
   * The graphs of a function.
   *
   * @throws IllegalArgumentException if the options name an axis that is not there, or a length
   *     that the function does not let vary
   */
  static TracedGraphs trace(
      Components components,
      Function<Tensors, Tensors> function,
      Signature signature,
      OnnxOptions options) {
    SampledSizes sampled = new SampledSizes(components, function, signature, options);
    sampled.sample();
    return TracedGraphs.of(sampled.axes, sampled.sizes, sampled.graphs);
  }

  /** The axes whose lengths may vary, by the names of their lengths. */
  private static SequencedMap<OnnxOptions.Axis, String> axes(
      Signature signature, OnnxOptions options) {
    SequencedMap<OnnxOptions.Axis, String> axes = new LinkedHashMap<>();
    if (!options.batch().isEmpty()) {
      signature
          .types()
          .forEach((input, type) -> {
            if (type.shape().rank() > 0) {
              axes.put(new OnnxOptions.Axis(input, 0), options.batch());
            }
          });
    }
    options
        .axes()
        .forEach((axis, name) -> {
          TensorType type = signature.types().get(axis.input());
          if (type == null || axis.axis() >= type.shape().rank()) {
            throw new IllegalArgumentException(
                "there is no axis %d of '%s' among the inputs %s"
                    .formatted(axis.axis(), axis.input(), signature));
          }
          axes.put(axis, name);
        });
    return axes;
  }

  private void sample() {
    SequencedMap<String, Long> reference = new LinkedHashMap<>(lengths);
    reference.replaceAll((_, length) -> Math.max(2, length));
    if (reference.equals(lengths)) {
      add(reference);
    } else {
      tryAdd(reference)
          .ifPresent(failure -> {
            throw new IllegalArgumentException(
                "the lengths %s cannot vary: %s".formatted(lengths.keySet(), failure.getMessage()),
                failure);
          });
    }
    SequencedMap<String, Long> joint = new LinkedHashMap<>(reference);
    for (String name : lengths.keySet()) {
      joint.put(name, vary(name, reference));
    }
    if (lengths.size() > 1) {
      tryAdd(joint); // which a model need not permit
    }
  }

  /** Adds graphs with other lengths of a name; the last of these. */
  private long vary(String name, SequencedMap<String, Long> reference) {
    int before = graphs.size();
    IllegalArgumentException first = null;
    for (long length : candidates(reference.get(name))) {
      SequencedMap<String, Long> other = new LinkedHashMap<>(reference);
      other.put(name, length);
      IllegalArgumentException failure = tryAdd(other).orElse(null);
      first = first == null ? failure : first;
      if (graphs.size() == before + SAMPLES) {
        return length;
      }
    }
    throw new IllegalArgumentException(
        "the length '%s' cannot vary: %s. Export with options that fix it"
            .formatted(name, first == null ? "too few lengths fit" : first.getMessage()),
        first);
  }

  /** Lengths near one, of which some may be too long for a model, or not divisible. */
  private static long[] candidates(long length) {
    return LongStream.of(
            length + 1,
            length + 2,
            length + 3,
            2 * length,
            3 * length,
            4 * length,
            length - 1,
            length - 2,
            length / 2,
            length / 4)
        .filter(other -> other > 1 && other != length)
        .distinct()
        .toArray();
  }

  private Optional<IllegalArgumentException> tryAdd(SequencedMap<String, Long> lengths) {
    try {
      add(lengths);
      return Optional.empty();
    } catch (IllegalArgumentException doesNotFit) {
      return Optional.of(doesNotFit);
    }
  }

  private void add(SequencedMap<String, Long> lengths) {
    Map<String, TensorType> types = new LinkedHashMap<>(signature.types());
    axes.forEach((axis, name) ->
        types.computeIfPresent(
            axis.input(),
            (_, type) -> {
              Shape shape = type.shape().withDimension(axis.axis(), lengths.get(name));
              return new TensorType(type.dtype(), shape);
            }));
    Signature sized = new Signature(new LinkedHashMap<>(types));
    graphs.add(DeadNodes.apply(components.trace(Mode.EVALUATE, sized, function)));
    sizes.add(lengths);
  }
}
