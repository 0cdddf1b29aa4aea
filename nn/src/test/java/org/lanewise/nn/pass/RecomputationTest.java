package org.lanewise.nn.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.nn.layers.Layers.batchNorm;
import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.linear;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.gradient.Gradients;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.layers.BatchNorm;
import org.lanewise.nn.layers.Conv2d;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.nn.weights.Weights;

class RecomputationTest {
  /** What is computed again. */
  enum What {
    NOTHING,
    BLOCKS,
    BLOCKS_AND_THEIR_PARTS,
    BOTH_BLOCKS_AT_ONCE,
    ALL;

    boolean includes(What... others) {
      return List.of(others).contains(this);
    }
  }

  record Block(Conv2d conv, BatchNorm norm) {
    Block() {
      this(conv2d(2, 2, 3).padding(1), batchNorm(2));
    }

    Tensor forward(Tensor x, What what) {
      Layer inner = h -> norm.forward(conv.forward(h)).tanh();
      Layer outer = what == What.BLOCKS_AND_THEIR_PARTS ? h -> h.recomputed(inner) : inner;
      return x.add(outer.forward(x).dropout(0.3f));
    }
  }

  record Net(Block first, Block second, Linear head, What what) {
    Net(What what) {
      this(new Block(), new Block(), linear(32, 3), what);
    }

    private Layer recomputedIf(boolean is, UnaryOperator<Tensor> layer) {
      return is ? x -> x.recomputed(layer::apply) : layer::apply;
    }

    Tensor loss(Tensors in) {
      boolean each = what.includes(What.BLOCKS, What.BLOCKS_AND_THEIR_PARTS);
      Layer one = recomputedIf(each, h -> first.forward(h, what).as("middle"));
      Layer two = recomputedIf(each, h -> second.forward(h, what));
      Layer both = recomputedIf(what == What.BOTH_BLOCKS_AT_ONCE, h -> two.forward(one.forward(h)));
      Layer logits = recomputedIf(what == What.ALL, h -> head.forward(both.forward(h).flatten()));
      return logits.forward(in.get("x")).crossEntropy(in.get("label"));
    }
  }

  private static Batches data() {
    SplittableRandom random = new SplittableRandom(2);
    int count = 40;
    float[] x = new float[count * 32];
    int[] labels = new int[count];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.5f;
      labels[i / 32] = i / 32 % 3;
    }
    return Batches.of(
            MemoryDataset.of("x", HostTensor.of(x, count, 2, 4, 4))
                .and("label", HostTensor.of(labels, count)))
        .size(16);
  }

  private static TrainerBuilder trainer(What what) {
    Net net = new Net(what);
    return Trainer.of(Weights.of(net), net::loss).seed(3);
  }

  /** All weights, the running statistics included. */
  private static List<float[]> train(What what) {
    try (Trainer trainer = trainer(what).build()) {
      trainer.fit(data(), 3);
      return trainer.weights().tensors().keySet().stream().map(trainer.weights()::toArray).toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameBits(What what) {
    assertThat(train(what)).usingRecursiveComparison().isEqualTo(train(What.NOTHING));
  }

  private static Graph step(What what) {
    return trainer(what).stepGraphs(data().signature()).lastEntry().getValue();
  }

  private static long count(Graph graph, Class<?> op) {
    return graph.nodes().stream().filter(node -> op.isInstance(node.op())).count();
  }

  @ParameterizedTest
  @EnumSource(names = "NOTHING", mode = EnumSource.Mode.EXCLUDE)
  void repeatsEachOpOnceAtMost(What what) {
    assertThat(count(step(what), NormOp.BatchNorm.class)).isEqualTo(4);
    assertThat(count(step(What.NOTHING), NormOp.BatchNorm.class)).isEqualTo(2);
  }

  // ---- What is repeated, and where ------------------------------------------------------------

  private static final TensorType TYPE = TensorType.f32(4);

  /** The functions in order, each with the layer's path or "again" if it is a repetition. */
  private static List<String> functions(Graph graph, List<Node> original) {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof ActivationOp)
        .map(node ->
            (node.op() instanceof ActivationOp.Activate activate
                    ? activate.function().name().toLowerCase(Locale.ROOT)
                    : "d")
                + (original.stream().noneMatch(o -> o.outputs().equals(node.outputs()))
                    ? " again"
                    : ""))
        .toList();
  }

  @Test
  void repeatsWhatGradientsReadBeforeTheyDo() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.input("x", TYPE);
    Value a = apply(graph, Activation.TANH, x);
    Value b = apply(graph, Activation.SIGMOID, a);
    Value c = apply(graph, Activation.GELU, b);
    graph.recompute(0, c);
    Value d = apply(graph, Activation.TANH, c);
    Value dy = graph.input("dy", TYPE);
    graph.output("y", d);
    graph.output("dx", Gradients.append(graph, Map.of(d, dy), List.of(x)).get(x));
    Graph before = graph.build();
    assertThat(functions(Recomputation.apply(before), before.nodes()))
        .containsExactly(
            "tanh", "sigmoid", "gelu", "tanh", "d", "tanh again", "sigmoid again", "d", "d", "d");
  }

  @Test
  void leavesAGraphWithoutGradientsAsItIs() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.input("x", TYPE);
    Value y = apply(graph, Activation.SIGMOID, apply(graph, Activation.TANH, x));
    graph.recompute(0, y);
    graph.output("y", apply(graph, Activation.TANH, y));
    Graph before = graph.build();
    assertThat(Recomputation.apply(before).nodes()).isEqualTo(before.nodes());
  }

  @Test
  void keepsWhatTheCallerReads() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.input("x", TYPE);
    Value a = apply(graph, Activation.TANH, x);
    Value b = apply(graph, Activation.SIGMOID, a);
    graph.recompute(0, b);
    graph.output("a", a);
    Value dy = graph.input("dy", TYPE);
    graph.output("dx", Gradients.append(graph, Map.of(b, dy), List.of(x)).get(x));
    Graph before = graph.build();
    assertThat(Recomputation.apply(before).nodes()).isEqualTo(before.nodes());
  }

  private static Value apply(GraphBuilder graph, Activation function, Value x) {
    return graph.add("", new ActivationOp.Activate(function), List.of(x)).result();
  }

  record Plain(Linear layer) {}

  @Test
  void aLayerThatDoesNothingCanBeMarked() {
    Plain model = new Plain(linear(4, 4));
    Graph graph =
        Weights.of(model)
            .components()
            .trace(
                Mode.TRAIN,
                Signature.of("x", TensorType.f32(2, 4)),
                in -> Tensors.of("y", model.layer().forward(in.get("x").recomputed(h -> h))));
    assertThat(Recomputation.apply(graph).nodes()).isEqualTo(graph.nodes());
  }
}
