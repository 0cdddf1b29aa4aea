package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

class PlacementTest {
  private static final long ALIGNMENT = 64;
  private static final Op RELU = new ActivationOp.Activate(Activation.RELU);

  /** Its gradient reads the argument, so that it is none that may be overwritten early. */
  private static final Op MEAN_SQUARED_ERROR = new LossOp.MeanSquaredError();

  private final GraphBuilder graph = new GraphBuilder();

  private Value relu(Value x) {
    return graph.add("", RELU, List.of(x)).result();
  }

  private static Placement place(Graph graph) {
    return Placement.of(graph, Set.of());
  }

  private static long offset(Placement placement, Value value) {
    return placement.offsets().get(placement.owners().getOrDefault(value, value));
  }

  @Test
  void aChainInPlaceNeedsTheInputAndOneValue() {
    Value last = graph.input("x", TensorType.f32(1000));
    for (int i = 0; i < 10; i++) {
      last = relu(last);
    }
    graph.output("y", last);
    assertThat(place(graph.build()).byteSize()).isEqualTo(2 * 4032);
  }

  @Test
  void keepsResultsAndValuesThatAreUsedLate() {
    Value x = graph.input("x", TensorType.f32(1000));
    Value early = relu(x);
    Value middle = relu(early);
    Value late = graph.add("", MEAN_SQUARED_ERROR, List.of(middle, early)).result();
    graph.output("middle", middle);
    graph.output("late", late);
    assertDisjoint(place(graph.build()), List.of(early, middle, late));
  }

  @Test
  void memoryOfDeadValuesIsUsedAgain() {
    Value x = graph.input("x", TensorType.f32(1000));
    List<Value> losses = new ArrayList<>();
    Value zero = relu(x);
    for (int i = 0; i < 10; i++) { // each h is needed by one loss, and zero by all
      Value h = relu(zero);
      losses.add(graph.add("", MEAN_SQUARED_ERROR, List.of(h, zero)).result());
      graph.output("loss " + i, losses.getLast());
    }
    assertThat(place(graph.build()).byteSize()).isEqualTo(2 * 4032 + 10 * ALIGNMENT);
  }

  @Test
  void neverOverlapsLiveValues() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 50; round++) {
      GraphBuilder builder = new GraphBuilder();
      List<Value> values = new ArrayList<>();
      values.add(builder.input("x", TensorType.f32(1 + random.nextInt(100))));
      values.add(builder.input("y", TensorType.f32(1 + random.nextInt(100))));
      for (int i = 0; i < 40; i++) {
        Value source = values.get(random.nextInt(values.size()));
        values.add(builder.add("", RELU, List.of(source)).result());
      }
      builder.output("last", values.getLast());
      Graph graph = builder.build();
      Placement placement = place(graph);
      for (int time = 0; time < graph.nodes().size(); time++) {
        assertDisjoint(placement, live(graph, time));
      }
    }
  }

  /** What is needed after a node, and what it writes. */
  private static List<Value> live(Graph graph, int time) {
    List<Value> live = new ArrayList<>();
    for (Value value : allValues(graph)) {
      boolean born = value.kind() == Value.Kind.INPUT;
      boolean needed = graph.outputs().containsValue(value);
      for (int i = 0; i < graph.nodes().size(); i++) {
        Node node = graph.nodes().get(i);
        boolean writes = node.outputs().contains(value);
        born |= i <= time && writes;
        needed |= i > time && node.inputs().contains(value) || i == time && writes;
      }
      if (born && needed) {
        live.add(value);
      }
    }
    return live;
  }

  private static List<Value> allValues(Graph graph) {
    return graph.nodes().stream()
        .flatMap(node -> {
          List<Value> all = new ArrayList<>(node.inputs());
          all.addAll(node.outputs());
          return all.stream();
        })
        .distinct()
        .toList();
  }

  private static void assertDisjoint(Placement placement, List<Value> values) {
    for (Value one : values) {
      long from = offset(placement, one);
      assertThat(from % ALIGNMENT).isZero();
      assertThat(from + one.type().byteSize()).isLessThanOrEqualTo(placement.byteSize());
      for (Value other : values) {
        long start = offset(placement, other);
        assertThat(
                one == other
                    || from + one.type().byteSize() <= start
                    || start + other.type().byteSize() <= from)
            .as("%s at %d and %s at %d", one, from, other, start)
            .isTrue();
      }
    }
  }
}
