package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;

class DeadNodesTest {
  private static final Op RELU = new ActivationOp.Activate(Activation.RELU);

  private final Graph graph = new Graph();
  private final Value x = graph.input("x", f32(4, 3));

  private Node relu(Value input) {
    return graph.add(RELU, List.of(input));
  }

  @Test
  void dropsChainsThatNobodyReads() {
    Node first = relu(x);
    Node dead = relu(first.result());
    relu(dead.result());
    Node last = relu(first.result());
    DeadNodes.drop(graph, List.of(last.result()));
    assertThat(graph.nodes()).containsExactly(first, last);
  }

  @Test
  void keepsWhatIsReadByItsSecondOutput() {
    Value weight = graph.parameter("weight", f32(3));
    Node norm = graph.add(new NormOp.RmsNorm(1e-5f), List.of(x, weight));
    DeadNodes.drop(graph, List.of(norm.outputs().get(1)));
    assertThat(graph.nodes()).containsExactly(norm);
  }

  @Test
  void keepsWhatUpdatesAnInput() {
    Value channels = graph.input("channels", f32(3));
    Value mean = graph.input("running mean", f32(3));
    Value variance = graph.input("running variance", f32(3));
    List<Value> operands = List.of(x, channels, channels, mean, variance);
    Node training = graph.add(new NormOp.BatchNorm(1e-5f, 0.1f, true), operands);
    graph.add(new NormOp.BatchNorm(1e-5f, 0.1f, false), operands);
    DeadNodes.drop(graph, List.of());
    assertThat(graph.nodes()).containsExactly(training);
  }
}
