package org.lanewise.nn.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

class GraphTextTest {
  private final GraphBuilder graph = new GraphBuilder();

  GraphTextTest() {
    Value x = graph.input("x", TensorType.f32(2, 3));
    Value mean = graph.state("mean", TensorType.f32(2, 3));
    Value y = graph.add("layer.1", new ActivationOp.Activate(Activation.RELU), List.of(x)).result();
    graph.add("", new ElementwiseOp.Scale(2f), List.of(x), List.of(y), List.of(Write.ADD));
    graph.output("y", y);
    graph.update(mean, y);
  }

  @Test
  void isALineForEachValueAndOp() {
    assertThat(GraphText.of(graph.build()).lines())
        .containsExactly(
            "input x f32[2, 3]",
            "state mean f32[2, 3]",
            "%2 f32[2, 3] = Activate[function=RELU](x)   # layer.1",
            "%2 f32[2, 3] += Scale[alpha=2.0](x)",
            "output y = %2",
            "update mean = %2");
  }

  @Test
  void drawsEdgesFromWhoWroteLast() {
    assertThat(GraphText.dot(graph.build()).lines())
        .startsWith("digraph {")
        .contains(
            "  v0 [label=\"x f32[2, 3]\", style=filled, fillcolor=lightblue]",
            "  n0 [shape=box, label=\"layer.1\\nActivate RELU\"]",
            "  v0 -> n0 [label=\"[2, 3]\"]",
            "  n0 -> n1 [label=\"[2, 3]\"]",
            "  n1 -> o0 [label=\"[2, 3]\"]",
            "  n1 -> update [label=\"[2, 3]\"]")
        .endsWith("}");
  }

  @Test
  void showsWhatBecomesOfAGraph() {
    Graph whole = graph.build();
    Graph half = whole.withNodes(whole.nodes().subList(0, 1));
    SequencedMap<String, Graph> stages = new LinkedHashMap<>();
    stages.put("made", whole);
    stages.put("kept", whole.withNodes(whole.nodes()));
    stages.put("halved", half);
    assertThat(GraphText.of(stages).lines())
        .startsWith("## made", "input x f32[2, 3]")
        .endsWith(
            "",
            "## kept: the same",
            "",
            "## halved",
            "input x f32[2, 3]",
            "state mean f32[2, 3]",
            "%2 f32[2, 3] = Activate[function=RELU](x)   # layer.1",
            "output y = %2",
            "update mean = %2",
            "");
    assertThat(GraphText.dot(stages).lines().filter(line -> line.startsWith("digraph")))
        .containsExactly("digraph \"made\" {", "digraph \"halved\" {");
  }
}
