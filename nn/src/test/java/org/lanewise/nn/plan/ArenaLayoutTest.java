package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;

class ArenaLayoutTest {
  private static final Op RELU = new ActivationOp.Activate(Activation.RELU);

  @Test
  void reusesMemoryOfDeadValues() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(1000));
    Value last = x;
    for (int i = 0; i < 10; i++) {
      last = graph.add(RELU, List.of(last)).result();
    }
    ArenaLayout layout = ArenaLayout.of(graph.nodes(), List.of(x), List.of(last));
    assertThat(layout.byteSize()).as("a chain needs two values").isEqualTo(2 * 4032);
  }

  @Test
  void keepsResultsAndValuesThatAreUsedLate() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(1000));
    Value early = graph.add(RELU, List.of(x)).result();
    Value middle = graph.add(RELU, List.of(early)).result();
    Value late = graph.add(new LossOp.MeanSquaredError(), List.of(middle, early)).result();
    ArenaLayout layout = ArenaLayout.of(graph.nodes(), List.of(x), List.of(middle, late));
    assertDisjoint(layout, List.of(early, middle, late));
  }

  @Test
  void neverOverlapsLiveValues() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 50; round++) {
      Graph graph = new Graph();
      List<Value> values = new ArrayList<>();
      values.add(graph.input("x", TensorType.f32(1 + random.nextInt(100))));
      for (int i = 0; i < 40; i++) {
        Value source = values.get(random.nextInt(values.size()));
        values.add(graph.add(RELU, List.of(source)).result());
      }
      List<Value> results = List.of(values.getLast());
      ArenaLayout layout = ArenaLayout.of(graph.nodes(), List.of(values.getFirst()), results);
      for (int time = 0; time < graph.nodes().size(); time++) {
        assertDisjoint(layout, live(graph, results, time));
      }
    }
  }

  private static List<Value> live(Graph graph, List<Value> results, int time) {
    List<Value> live = new ArrayList<>();
    for (Value value : allValues(graph)) {
      boolean born = false;
      boolean needed = results.contains(value);
      for (int i = 0; i < graph.nodes().size(); i++) {
        Node node = graph.nodes().get(i);
        born |= i <= time && (node.outputs().contains(value) || value.kind() == Value.Kind.INPUT);
        needed |= i >= time && (node.inputs().contains(value) || node.outputs().contains(value));
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

  private static void assertDisjoint(ArenaLayout layout, List<Value> values) {
    for (Value one : values) {
      long from = layout.offsets().get(one);
      assertThat(from % ArenaLayout.ALIGNMENT).isZero();
      assertThat(from + one.type().byteSize()).isLessThanOrEqualTo(layout.byteSize());
      for (Value other : values) {
        long start = layout.offsets().get(other);
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
