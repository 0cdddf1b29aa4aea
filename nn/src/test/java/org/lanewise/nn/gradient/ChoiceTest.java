package org.lanewise.nn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.nn.TestRun;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Comparisons and choices of values that are not numbers, or equal, on every backend. */
class ChoiceTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final GraphBuilder graph = new GraphBuilder();

  static Stream<String> backends() {
    return Backends.names().stream();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void comparisonsAreThoseOfFloats(String backend) {
    Value x = graph.input("x", f32(9));
    Value y = graph.input("y", f32(9));
    for (BinaryFunction f : BinaryFunction.values()) {
      if (f.isComparison()) {
        graph.output(f.name(), graph.add("", new ElementwiseOp.Binary(f), List.of(x, y)).result());
      }
    }
    var built = graph.build();
    try (TestRun run = new TestRun(built, backend)) {
      run.write(x, NAN, 1, NAN, 0, -0.0, INFINITY, -INFINITY, 2, 3);
      run.write(y, 1, NAN, NAN, -0.0, 0, INFINITY, 1, 2, 1);
      run.run();
      assertThat(run.read(built.output("LESS"))).containsExactly(0, 0, 0, 0, 0, 0, 1, 0, 0);
      assertThat(run.read(built.output("LESS_OR_EQUAL")))
          .containsExactly(0, 0, 0, 1, 1, 1, 1, 1, 0);
      assertThat(run.read(built.output("GREATER"))).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 1);
      assertThat(run.read(built.output("GREATER_OR_EQUAL")))
          .containsExactly(0, 0, 0, 1, 1, 1, 0, 1, 1);
      assertThat(run.read(built.output("EQUAL"))).containsExactly(0, 0, 0, 1, 1, 1, 0, 1, 0);
      assertThat(run.read(built.output("NOT_EQUAL"))).containsExactly(1, 1, 1, 0, 0, 0, 1, 0, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void whatIsNotChosenLeaksIntoNothing(String backend) {
    Value condition = graph.input("condition", f32(5));
    Value x = graph.parameter("x", f32(5));
    Value y = graph.parameter("y", f32(5));
    Value dz = graph.input("dz", f32(5));
    Value z = graph.add("", new ElementwiseOp.Where(), List.of(condition, x, y)).result();
    Map<Value, Value> gradients = Gradients.append(graph, Map.of(z, dz), List.of(x, y));
    graph.output("z", z);
    gradients.forEach((of, gradient) -> graph.output("d" + of.name(), gradient));
    try (TestRun run = new TestRun(graph.build(), backend)) {
      run.write(condition, 1, 0, -0.0, NAN, -1e-40);
      run.write(x, 1, NAN, INFINITY, 4, 5);
      run.write(y, NAN, 2, 3, NAN, -INFINITY);
      run.write(dz, NAN, INFINITY, 7, 8, 9);
      run.run();
      assertThat(run.read(z)).containsExactly(1, 2, 3, 4, 5);
      assertThat(run.read(gradients.get(x))).containsExactly(Float.NaN, 0, 0, 8, 9);
      assertThat(run.read(gradients.get(y))).containsExactly(0, Float.POSITIVE_INFINITY, 7, 0, 0);
    }
  }
}
