package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/** LSTM and GRU, of which all or some results have a gradient. */
final class RecurrentGraphs {
  private static final boolean[] BOTH = {false, true};
  private static final int BATCH = 2;
  private static final int TIME = 3;
  private static final int HIDDEN = 2;

  private RecurrentGraphs() {}

  static void addTo(List<GraphCase> cases) {
    for (boolean reverse : BOTH) {
      for (boolean hasState : BOTH) {
        for (boolean hasLengths : BOTH) {
          RecurrentOp lstm = new RecurrentOp.Lstm(reverse, hasState, hasLengths);
          RecurrentOp gru = new RecurrentOp.Gru(reverse, hasState, hasLengths);
          cases.add(of(lstm, 0, 1, 2));
          cases.add(of(gru, 0, 1));
        }
      }
    }
    RecurrentOp lstm = new RecurrentOp.Lstm(false, true, true);
    RecurrentOp gru = new RecurrentOp.Gru(true, true, true);
    for (int result = 0; result < 3; result++) {
      cases.add(of(lstm, result));
    }
    cases.add(of(gru, 0));
    cases.add(of(gru, 1));
    cases.add(stack());
    cases.add(sharedGates());
  }

  /** An op some of whose results go into the output. */
  private static GraphCase of(RecurrentOp op, int... results) {
    GraphBuilder graph = new GraphBuilder();
    List<Value> given = new ArrayList<>();
    Node node = graph.add("", op, operands(op, graph, given));
    List<Value> parts = new ArrayList<>();
    for (int result : results) {
      parts.add(flat(graph, node.output(result)));
    }
    Value output = graph.add("", new LayoutOp.Concat(0), parts).result();
    return new GraphCase(
        "%s with results %s".formatted(op, Arrays.toString(results)), graph, given, output);
  }

  private static List<Value> operands(RecurrentOp op, GraphBuilder graph, List<Value> given) {
    List<Value> operands = new ArrayList<>();
    long columns = op.gates() * HIDDEN;
    for (String name : op.inputs()) {
      operands.add(
          switch (name) {
            case "gates" -> graph.parameter(name, f32(BATCH, TIME, columns));
            case "weight" -> graph.parameter(name, f32(columns, HIDDEN));
            case "bias" -> graph.parameter(name, f32(columns));
            case "lengths" -> graph.input(name, i32(BATCH));
            default -> graph.parameter(name, f32(BATCH, HIDDEN));
          });
      if (name.equals("lengths")) {
        given.add(operands.getLast());
      }
    }
    return operands;
  }

  /** The last state of one layer is the first one of another, with the same weight. */
  private static GraphCase stack() {
    GraphBuilder graph = new GraphBuilder();
    RecurrentOp first = new RecurrentOp.Gru(false, false, false);
    List<Value> operands = operands(first, graph, new ArrayList<>());
    Node node = graph.add("", first, operands);
    List<Value> next = new ArrayList<>(operands);
    next.add(node.output(1));
    Value y = graph.add("", new RecurrentOp.Gru(true, true, false), next).result();
    Value sum =
        graph
            .add("", new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), List.of(y, node.result()))
            .result();
    return new GraphCase("two layers of one weight", graph, List.of(), sum);
  }

  /** Both directions read the same gates. */
  private static GraphCase sharedGates() {
    GraphBuilder graph = new GraphBuilder();
    RecurrentOp op = new RecurrentOp.Lstm(false, true, false);
    List<Value> operands = operands(op, graph, new ArrayList<>());
    Value y = graph.add("", op, operands).result();
    Value z = graph.add("", new RecurrentOp.Lstm(true, true, false), operands).result();
    Value output = graph.add("", new LayoutOp.Concat(2), List.of(y, z)).result();
    return new GraphCase("both directions of the same gates", graph, List.of(), output);
  }

  private static Value flat(GraphBuilder graph, Value x) {
    return graph
        .add("", new LayoutOp.Reshape(Shape.of(x.type().shape().size())), List.of(x))
        .result();
  }
}
