package org.lanewise.nn.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.graph.Node;

/**
 * Recurrent layers. The product of the input and its weight, which comes before the op in a graph,
 * is part of the operator there, and its gates have another order.
 */
final class RecurrentExport {
  private RecurrentExport() {}

  /** What an operator calls for of a cell. */
  private record Cell(String type, List<Integer> gates, Map<String, Object> attributes) {}

  /** The results of an op: the states of all times, and the last ones. */
  static List<String> export(RecurrentOp.Forward op, Emitter e, Optional<Node> product) {
    return switch (op) {
      case RecurrentOp.Lstm lstm ->
          results(
              lstm,
              new Cell("LSTM", List.of(0, 3, 1, 2), Map.of()),
              lstm.hasState(),
              lstm.hasLengths(),
              e,
              product);
      case RecurrentOp.Gru gru ->
          results(
              gru,
              new Cell("GRU", List.of(1, 0, 2), Map.of("linear_before_reset", 1L)),
              gru.hasState(),
              gru.hasLengths(),
              e,
              product);
    };
  }

  private static List<String> results(
      RecurrentOp.Forward op,
      Cell cell,
      boolean hasState,
      boolean hasLengths,
      Emitter e,
      Optional<Node> product) {
    long hidden = op.shape(e.node().inputTypes()).hidden();
    Map<String, Object> attributes = new HashMap<>(cell.attributes);
    attributes.put("hidden_size", hidden);
    attributes.put("direction", op.reverse() ? "reverse" : "forward");
    String x = product.map(node -> e.names().get(node.input(0))).orElseGet(() -> e.input(0));
    String weight =
        product.map(node -> e.names().get(node.input(1))).orElseGet(() -> identity(op, hidden, e));
    List<String> inputs = new ArrayList<>();
    inputs.add(e.transpose(x, 1, 0, 2));
    inputs.add(e.unsqueeze(reordered(weight, cell, e), 0));
    inputs.add(e.unsqueeze(reordered(e.input(1), cell, e), 0));
    inputs.add(e.unsqueeze(biases(op, hidden, cell, e, product), 0));
    int states = op.results() - 1;
    inputs.add(hasLengths ? e.input(3 + (hasState ? states : 0)) : "");
    for (int i = 0; hasState && i < states; i++) {
      inputs.add(e.unsqueeze(e.input(3 + i), 0));
    }
    List<String> outputs = e.addAll(cell.type, op.results(), attributes, inputs);
    List<String> results = new ArrayList<>();
    results.add(e.transpose(e.squeeze(outputs.getFirst(), 1), 1, 0, 2));
    outputs.subList(1, outputs.size()).forEach(state -> results.add(e.squeeze(state, 0)));
    return results;
  }

  private static String biases(
      RecurrentOp op, long hidden, Cell cell, Emitter e, Optional<Node> product) {
    String ofInput =
        product
            .filter(node -> node.inputs().size() > 2)
            .map(node -> reordered(e.names().get(node.input(2)), cell, e))
            .orElseGet(() -> {
              long gates = op.gates() * hidden;
              return e.constant(HostTensor.of(new float[(int) gates], gates));
            });
    return e.add("Concat", Map.of("axis", 0L), ofInput, reordered(e.input(2), cell, e));
  }

  /** The rows of a parameter, in the operator's order of gates. */
  private static String reordered(String parameter, Cell cell, Emitter e) {
    List<String> gates =
        e.addAll("Split", cell.gates.size(), Map.of("axis", 0L), List.of(parameter));
    return e.addAll("Concat", 1, Map.of("axis", 0L), cell.gates.stream().map(gates::get).toList())
        .getFirst();
  }

  /** The weight of an input that is the gates themselves. */
  private static String identity(RecurrentOp op, long hidden, Emitter e) {
    int gates = Math.toIntExact(op.gates() * hidden);
    float[] elements = new float[Math.multiplyExact(gates, gates)];
    LongStream.range(0, gates).forEach(i -> elements[(int) i * (gates + 1)] = 1f);
    return e.constant(HostTensor.of(elements, gates, gates));
  }

  /** Whether a node is a product that an operator has as its part: {@code x·Wᵀ}, perhaps + b. */
  static boolean isProduct(Node node) {
    return node.op() instanceof ProductOp.Gemm(var transA, var transB, var alpha, var epilogue)
        && transA == Transpose.NO
        && transB == Transpose.YES
        && alpha == 1
        && (epilogue.equals(Epilogue.NONE) || epilogue.equals(Epilogue.BIAS))
        && node.input(0).type().shape().rank() == 3
        && node.input(1).type().shape().rank() == 2;
  }
}
