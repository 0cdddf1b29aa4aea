package org.lanewise.nn.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Computes, in a graph, the lengths that vary: from the axes of tensors that have them, from
 * products, quotients and sums of these.
 */
final class Lengths {
  private final OnnxGraph graph;
  private final SequencedMap<Dimension, Source> sources = new LinkedHashMap<>();
  private final Map<Dimension, String> computed = new HashMap<>();

  /** An axis of a tensor. */
  private record Source(String tensor, int axis) {}

  Lengths(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Makes the axes of a tensor known. */
  void add(String tensor, List<Dimension> shape) {
    for (int axis = 0; axis < shape.size(); axis++) {
      if (!shape.get(axis).isConstant()) {
        sources.putIfAbsent(shape.get(axis), new Source(tensor, axis));
      }
    }
  }

  /**
   * A vector of 64-bit integers.
   *
   * @throws IllegalArgumentException if one of them cannot be computed
   */
  String vector(List<Dimension> lengths) {
    if (lengths.stream().allMatch(Dimension::isConstant)) {
      return graph.integers(lengths.stream().map(length -> length.at(0)).toList());
    }
    List<String> parts = lengths.stream().map(this::element).toList();
    return parts.size() == 1 ? parts.getFirst() : add("Concat", Map.of("axis", 0L), parts);
  }

  /** A vector of one 64-bit integer. */
  private String element(Dimension length) {
    if (length.isConstant()) {
      return graph.integers(List.of(length.at(0)));
    }
    String known = computed.get(length);
    if (known == null) {
      known =
          Optional.ofNullable(sources.get(length))
              .map(this::read)
              .or(() -> linear(length))
              .or(() -> product(length))
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "a length that is %s when the model's inputs are %s cannot be computed from them"
                          .formatted(length, sources.keySet())));
      computed.put(length, known);
    }
    return known;
  }

  private String read(Source source) {
    return add(
        "Shape",
        Map.of("start", (long) source.axis, "end", source.axis + 1L),
        List.of(source.tensor));
  }

  /** A multiple of a length plus a number, or a length divided by a number, rounded down. */
  private Optional<String> linear(Dimension wanted) {
    for (var source : sources.entrySet()) {
      Dimension x = source.getKey();
      int other =
          IntStream.range(1, x.traces()).filter(i -> x.at(i) != x.at(0)).findFirst().getAsInt();
      long rise = wanted.at(other) - wanted.at(0);
      long run = x.at(other) - x.at(0);
      if (rise % run == 0) {
        long factor = rise / run;
        long offset = wanted.at(0) - factor * x.at(0);
        if (factor != 0 && all(wanted, i -> factor * x.at(i) + offset)) {
          String multiple = binary("Mul", read(source.getValue()), factor, 1);
          return Optional.of(binary("Add", multiple, offset, 0));
        }
      }
      long divisor = wanted.at(0) == 0 ? 0 : x.at(0) / wanted.at(0);
      if (divisor > 1 && all(wanted, i -> x.at(i) / divisor)) {
        return Optional.of(binary("Div", read(source.getValue()), divisor, 1));
      }
    }
    return Optional.empty();
  }

  /** A multiple of the product of two lengths. */
  private Optional<String> product(Dimension wanted) {
    List<Dimension> known = new ArrayList<>(sources.keySet());
    for (Dimension x : known) {
      for (Dimension y : known) {
        long factor = wanted.at(0) / (x.at(0) * y.at(0));
        if (factor > 0 && all(wanted, i -> factor * x.at(i) * y.at(i))) {
          String product =
              add("Mul", Map.of(), List.of(read(sources.get(x)), read(sources.get(y))));
          return Optional.of(binary("Mul", product, factor, 1));
        }
      }
    }
    return Optional.empty();
  }

  /** Gives the length at the sizes of a trace. */
  @FunctionalInterface
  private interface Formula {
    long at(int trace);
  }

  private static boolean all(Dimension wanted, Formula formula) {
    return IntStream.range(0, wanted.traces()).allMatch(i -> wanted.at(i) == formula.at(i));
  }

  /** A function of a length and a number, unless the number is neutral. */
  private String binary(String type, String x, long number, long neutral) {
    return number == neutral ? x : add(type, Map.of(), List.of(x, graph.integers(List.of(number))));
  }

  private String add(String type, Map<String, Object> attributes, List<String> inputs) {
    return graph.add("", type, 1, attributes, inputs).getFirst();
  }
}
