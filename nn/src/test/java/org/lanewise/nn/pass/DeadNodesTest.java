package org.lanewise.nn.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

class DeadNodesTest {
  private static final Op RELU = new ActivationOp.Activate(Activation.RELU);

  private final GraphBuilder graph = new GraphBuilder();
  private final Value x = graph.input("x", TensorType.f32(4));

  private Value relu(Value value) {
    return graph.add("", RELU, List.of(value)).result();
  }

  @Test
  void keepsWhatOutputsAndUpdatesDependOn() {
    Value state = graph.state("state", x.type());
    Value h = relu(x);
    graph.output("y", relu(h));
    graph.update(state, relu(h));
    assertThat(DeadNodes.apply(graph.build()).nodes()).hasSize(3);
  }

  @Test
  void leavesOutTheRest() {
    Value y = relu(x);
    relu(relu(x));
    graph.output("y", y);
    assertThat(DeadNodes.apply(graph.build()).nodes())
        .singleElement()
        .satisfies(node -> assertThat(node.result()).isSameAs(y));
  }

  @Test
  void keepsWhatIsAddedToANeededValue() {
    Value y = relu(x);
    graph.add("", new ElementwiseOp.Scale(2f), List.of(relu(x)), List.of(y), List.of(Write.ADD));
    graph.output("y", y);
    assertThat(DeadNodes.apply(graph.build()).nodes()).hasSize(3);
  }

  @Test
  void keepsWhatIsReadByItsSecondOutput() {
    Value weight = graph.parameter("weight", TensorType.f32(4));
    Node norm = graph.add("", new NormOp.RmsNorm(1e-5f), List.of(x, weight));
    graph.output("rstd", norm.output(1));
    assertThat(DeadNodes.apply(graph.build()).nodes()).containsExactly(norm);
  }

  @Test
  void keepsWhatUpdatesAState() {
    Value images = graph.input("images", TensorType.f32(5, 4));
    Value mean = graph.state("mean", x.type());
    Value variance = graph.state("variance", x.type());
    List<Value> operands = List.of(images, x, x, mean, variance);
    Node training = graph.add("", new NormOp.BatchNorm(1e-5f, 0.1f, true), operands);
    graph.add("", new NormOp.BatchNorm(1e-5f, 0.1f, false), operands);
    graph.update(mean, training.output(3));
    assertThat(DeadNodes.apply(graph.build()).nodes()).containsExactly(training);
  }
}
