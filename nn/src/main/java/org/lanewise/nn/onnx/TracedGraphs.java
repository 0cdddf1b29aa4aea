package org.lanewise.nn.onnx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * Graphs of a function at several sizes, which differ in these alone. Values and nodes are those of
 * the first one.
 *
 * @param axes whose lengths vary, by the names of their lengths
 * @param graphs of the sizes in their order
 * @param counterparts for each value, those of all graphs
 */
record TracedGraphs(
    SequencedMap<OnnxOptions.Axis, String> axes,
    List<Graph> graphs,
    Map<Value, List<Value>> counterparts) {

  /**
   * Graphs that are compared.
   *
   * @throws IllegalArgumentException if they differ in more than sizes
   */
  static TracedGraphs of(
      SequencedMap<OnnxOptions.Axis, String> axes,
      List<SequencedMap<String, Long>> sizes,
      List<Graph> graphs) {
    Map<Value, List<Value>> counterparts = new HashMap<>();
    List<List<Value>> values = graphs.stream().map(TracedGraphs::values).toList();
    List<Map<Value, Integer>> places = values.stream().map(TracedGraphs::places).toList();
    for (int other = 1; other < graphs.size(); other++) {
      String difference =
          difference(graphs.getFirst(), places.getFirst(), graphs.get(other), places.get(other));
      if (difference != null) {
        throw new IllegalArgumentException(
            "the function is not the same at all sizes: %s, at %s and at %s. Export with options that fix them"
                .formatted(difference, sizes.getFirst(), sizes.get(other)));
      }
    }
    for (int i = 0; i < values.getFirst().size(); i++) {
      int index = i;
      counterparts.put(
          values.getFirst().get(i), values.stream().map(all -> all.get(index)).toList());
    }
    return new TracedGraphs(axes, graphs, counterparts);
  }

  /** All values in an order that graphs of the same function share. */
  private static List<Value> values(Graph graph) {
    List<Value> values = new ArrayList<>(graph.inputs().values());
    values.addAll(graph.parameters().values());
    values.addAll(graph.states().values());
    values.addAll(graph.constants().keySet());
    graph.nodes().forEach(node -> values.addAll(node.outputs()));
    return values;
  }

  /** What is different in another graph than the first, or null. */
  private static String difference(
      Graph first, Map<Value, Integer> ofFirst, Graph second, Map<Value, Integer> ofSecond) {
    for (int i = 0; i < Math.min(first.nodes().size(), second.nodes().size()); i++) {
      Node a = first.nodes().get(i);
      Node b = second.nodes().get(i);
      if (!isSame(a, b)
          || !a.inputs().stream()
              .map(ofFirst::get)
              .toList()
              .equals(b.inputs().stream().map(ofSecond::get).toList())) {
        return "operation %d is %s and %s%s"
            .formatted(i, a.op(), b.op(), a.layer().isEmpty() ? "" : " in layer " + a.layer());
      }
    }
    if (first.nodes().size() != second.nodes().size()) {
      return "there are %d and %d operations"
          .formatted(first.nodes().size(), second.nodes().size());
    }
    return isSame(first.constants(), second.constants())
        ? null
        : "a constant has another shape or other elements";
  }

  private static boolean isSame(
      SequencedMap<Value, MemorySegment> a, SequencedMap<Value, MemorySegment> b) {
    List<Map.Entry<Value, MemorySegment>> ours = List.copyOf(a.entrySet());
    List<Map.Entry<Value, MemorySegment>> theirs = List.copyOf(b.entrySet());
    return ours.size() == theirs.size()
        && IntStream.range(0, ours.size())
            .allMatch(i ->
                isSame(
                    ours.get(i).getKey().type(),
                    ours.get(i).getValue(),
                    theirs.get(i).getKey().type(),
                    theirs.get(i).getValue()));
  }

  /** Constants are the same also if all elements are, of which another size has more. */
  private static boolean isSame(
      TensorType type, MemorySegment data, TensorType otherType, MemorySegment other) {
    if (type.equals(otherType)) {
      return data.mismatch(other) == -1;
    }
    int size = type.dtype().byteSize();
    return type.dtype() == otherType.dtype()
        && type.shape().rank() == otherType.shape().rank()
        && isFilled(data, size)
        && isFilled(other, size)
        && data.asSlice(0, size).mismatch(other.asSlice(0, size)) == -1;
  }

  private static boolean isFilled(MemorySegment data, int size) {
    long others = data.byteSize() - size;
    return others >= 0 && data.asSlice(0, others).mismatch(data.asSlice(size)) == -1;
  }

  private static Map<Value, Integer> places(List<Value> values) {
    Map<Value, Integer> places = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      places.put(values.get(i), i);
    }
    return places;
  }

  /** Whether two ops are the same but for the sizes that they have to be told. */
  private static boolean isSame(Node a, Node b) {
    return switch (a.op()) {
      case LayoutOp.Reshape(var shape) ->
          b.op() instanceof LayoutOp.Reshape(var other) && other.rank() == shape.rank();
      case LayoutOp.Slice(var axis, _, _) ->
          b.op() instanceof LayoutOp.Slice(var other, _, _) && other == axis;
      case LayoutOp.Pad(var axis, _, _, var margin) ->
          b.op() instanceof LayoutOp.Pad(var other, _, _, var value)
              && other == axis
              && Float.compare(value, margin) == 0;
      case ReductionOp.Sum(var shape) ->
          b.op() instanceof ReductionOp.Sum(var other) && other.rank() == shape.rank();
      case ReductionOp.Mean(var shape) ->
          b.op() instanceof ReductionOp.Mean(var other) && other.rank() == shape.rank();
      case ConvolutionOp.TransposedConvolution(var window, var groups, _, _) ->
          b.op() instanceof ConvolutionOp.TransposedConvolution(var other, var count, _, _)
              && other.equals(window)
              && count == groups;
      case PoolingOp.MaxPooling(var window) ->
          b.op() instanceof PoolingOp.MaxPooling(var other)
              && (other.equals(window) || isGlobal(a, window) && isGlobal(b, other));
      case PoolingOp.AveragePooling(var window, _) ->
          b.op() instanceof PoolingOp.AveragePooling(var other, _)
              && (b.op().equals(a.op()) || isGlobal(a, window) && isGlobal(b, other));
      default -> Objects.equals(a.op(), b.op());
    };
  }

  /** Whether a window is the whole plane, so that its size is that of the plane at any size. */
  private static boolean isGlobal(Node node, Window window) {
    Shape x = node.input(0).type().shape();
    return window.kernelHeight() == x.dimension(2)
        && window.kernelWidth() == x.dimension(3)
        && window.paddingHeight() == 0
        && window.paddingWidth() == 0
        && window.dilationHeight() == 1
        && window.dilationWidth() == 1;
  }

  /** The graph at the first sizes. */
  Graph first() {
    return graphs.getFirst();
  }

  /** The lengths of a value's axes. */
  List<Dimension> shape(Value value) {
    List<Value> all = counterparts.get(value);
    return IntStream.range(0, value.type().shape().rank())
        .mapToObj(axis -> Dimension.of(all, one -> one.type().shape().dimension(axis)))
        .toList();
  }

  /** The name of a length that varies, if an axis of an input has it. */
  Optional<Object> nameOf(Dimension length) {
    for (var axis : axes.entrySet()) {
      Value input = first().input(axis.getKey().input());
      if (shape(input).get(axis.getKey().axis()).equals(length)) {
        return Optional.of(axis.getValue());
      }
    }
    return Optional.empty();
  }

  /** The ops of the nodes at a place, in the order of the sizes. */
  List<Op> ops(int node) {
    return graphs.stream().map(graph -> graph.nodes().get(node).op()).toList();
  }
}
