package org.lanewise.nn.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.lanewise.kernels.op.Op;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * Adds the nodes that compute an op to a graph.
 *
 * @param node the op on its values
 * @param ops the op at the sizes of each trace
 * @param names of all values that are computed already
 */
record Emitter(
    Node node,
    List<Op> ops,
    TracedGraphs traces,
    OnnxGraph graph,
    Lengths lengths,
    Map<Value, String> names) {
  /** The name of an input. */
  String input(int index) {
    return names.get(node.input(index));
  }

  /** The names of all inputs. */
  List<String> inputs() {
    return node.inputs().stream().map(names::get).toList();
  }

  /** The lengths of an input's axes. */
  List<Dimension> inputShape(int index) {
    return traces.shape(node.input(index));
  }

  /** The lengths of the result's axes. */
  List<Dimension> resultShape() {
    return traces.shape(node.result());
  }

  /** The number of axes of an input. */
  int rank(int input) {
    return node.input(input).type().shape().rank();
  }

  /** Whether the op has other components at other sizes. */
  boolean varies() {
    return ops.stream().distinct().count() > 1;
  }

  /** A length that is a component of the op. */
  <T extends Op> Dimension component(Class<T> op, ToLongFunction<T> component) {
    return Dimension.of(ops.stream().map(op::cast).toList(), component);
  }

  /** Adds a node of one output, with attributes; its name. */
  String add(String type, Map<String, Object> attributes, String... inputs) {
    return addAll(type, 1, attributes, List.of(inputs)).getFirst();
  }

  /** Adds a node of one output without attributes; its name. */
  String add(String type, String... inputs) {
    return add(type, Map.of(), inputs);
  }

  /** Adds a node of so many outputs; their names. */
  List<String> addAll(
      String type, int outputs, Map<String, Object> attributes, List<String> inputs) {
    return graph.add(node.layer(), type, outputs, attributes, inputs);
  }

  /** Exchanges axes. */
  String transpose(String x, long... order) {
    return add("Transpose", Map.of("perm", order), x);
  }

  /** Changes the shape to one that is known but for lengths that are 0, which stay, or one −1. */
  String reshape(String x, long... dimensions) {
    return add("Reshape", x, integers(dimensions));
  }

  /** Inserts axes of length 1. */
  String unsqueeze(String x, long... axes) {
    return add("Unsqueeze", x, integers(axes));
  }

  /** Leaves out axes of length 1. */
  String squeeze(String x, long... axes) {
    return add("Squeeze", x, integers(axes));
  }

  /** The numbers 0 to n − 1 for the n of an axis, of 64 bits. */
  String range(String tensor, long axis) {
    return add("Range", graph.integer(0), length(tensor, axis), graph.integer(1));
  }

  /** The length of an axis from 0, a 64-bit integer without axes. */
  String length(String tensor, long axis) {
    return squeeze(add("Shape", Map.of("start", axis, "end", axis + 1), tensor), 0);
  }

  /** A constant scalar. */
  String number(float value) {
    return graph.number(value);
  }

  /** A constant scalar of 64 bits. */
  String integer(long value) {
    return graph.integer(value);
  }

  /** A constant vector of 64-bit integers. */
  String integers(long... values) {
    return graph.integers(Arrays.stream(values).boxed().toList());
  }

  /** A constant tensor. */
  String constant(HostTensor tensor) {
    return graph.constant(tensor);
  }

  /** Elements as another type. */
  String cast(String x, OnnxType type) {
    return add("Cast", Map.of("to", (long) type.number()), x);
  }

  /** A refusal of the op. */
  IllegalArgumentException refusal(String reason) {
    String place = node.layer().isEmpty() ? "" : " in layer " + node.layer();
    return new IllegalArgumentException(
        "%s%s cannot be exported: %s".formatted(node.op().name(), place, reason));
  }
}
