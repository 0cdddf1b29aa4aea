package org.lanewise.nn.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;

/** The graph of a model file that is being made: nodes in order, and tensors by name. */
final class OnnxGraph {
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final SequencedMap<String, HostTensor> initializers = new LinkedHashMap<>();
  private final Map<String, String> renamed = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<Object, String> constants = new HashMap<>();

  /**
   * Takes a name that a user knows.
   *
   * @throws IllegalArgumentException if another tensor has it
   */
  void reserve(String name) {
    if (name.isEmpty() || !names.add(name)) {
      throw new IllegalArgumentException(
          "a model cannot be exported that calls two tensors '%s': inputs, outputs, parameters and states need different names"
              .formatted(name));
    }
  }

  /** A name that no other tensor has. */
  private String fresh(String prefix) {
    String name;
    do {
      name = prefix + "_" + counts.merge(prefix, 1, Integer::sum);
    } while (!names.add(name));
    return name;
  }

  /** Adds a tensor that the file holds, under a name that is reserved. */
  void initializer(String name, HostTensor tensor) {
    initializers.put(name, tensor);
  }

  /** Adds a tensor of the graph itself, which is no initializer as parameters are; its name. */
  String constant(HostTensor tensor) {
    return add("", "Constant", 1, Map.of("value", tensor), List.of()).getFirst();
  }

  /** A scalar. */
  String number(float value) {
    return constants.computeIfAbsent(
        Float.floatToRawIntBits(value), _ -> constant(HostTensor.of(new float[] {value})));
  }

  /** A vector of 64-bit integers. */
  String integers(List<Long> values) {
    return constants.computeIfAbsent(
        values,
        _ -> {
          long[] elements = values.stream().mapToLong(Long::longValue).toArray();
          return constant(HostTensor.of(elements, elements.length));
        });
  }

  /** A 64-bit integer without axes. */
  String integer(long value) {
    return constants.computeIfAbsent(value, _ -> constant(HostTensor.of(new long[] {value})));
  }

  /**
   * Adds a node.
   *
   * @param layer the path of the layer that it belongs to, or nothing
   * @param outputs number of its outputs
   * @return their names
   */
  List<String> add(
      String layer, String type, int outputs, Map<String, Object> attributes, List<String> inputs) {
    String prefix = layer.isEmpty() ? type : layer + "/" + type;
    List<String> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      results.add(fresh(prefix + "_output"));
    }
    nodes.add(new OnnxNode(fresh(prefix), type, inputs, results, attributes));
    return results;
  }

  /**
   * Makes a tensor known by a name that is reserved: that of the node that computes it, unless it
   * has one already.
   */
  void name(String tensor, String name) {
    boolean isComputed = nodes.stream().anyMatch(node -> node.outputs().contains(tensor));
    if (!isComputed || renamed.putIfAbsent(tensor, name) != null) {
      nodes.add(
          new OnnxNode(fresh("Identity"), "Identity", List.of(tensor), List.of(name), Map.of()));
    }
  }

  List<OnnxNode> nodes() {
    return nodes.stream()
        .map(node -> node.renamed(name -> renamed.getOrDefault(name, name)))
        .toList();
  }

  SequencedMap<String, HostTensor> initializers() {
    return initializers;
  }

  /** Bytes of all tensors that the file holds. */
  long initializerBytes() {
    return initializers.values().stream()
        .map(HostTensor::type)
        .mapToLong(TensorType::byteSize)
        .sum();
  }
}
