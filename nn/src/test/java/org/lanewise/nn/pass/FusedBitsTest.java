package org.lanewise.nn.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.op.TensorType.f32;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.TestRun;
import org.lanewise.nn.gradient.Gradients;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** A fused graph computes the bits of the one that it is made of, and is as small as can be. */
class FusedBitsTest {
  /** Those that epilogues have, and one that they have not. */
  private static final List<Activation> FUNCTIONS =
      Stream.concat(
              Arrays.stream(Epilogue.Function.values()).flatMap(f -> f.activation().stream()),
              Stream.of(Activation.SIGMOID))
          .toList();

  /** What is fused with what follows. */
  enum Kind {
    PRODUCT(new ProductOp.Gemm(Transpose.NO, Transpose.YES, 0.5f, Epilogue.NONE), f32(35, 9)),
    CONVOLUTION(convolution(Window.of(3).withPadding(1), 2), f32(18, 3, 3, 3)),
    POINTWISE(convolution(Window.of(1), 1), f32(9, 6, 1, 1)),
    DEPTHWISE(convolution(Window.of(3).withPadding(1), 6), f32(6, 1, 3, 3));

    private final Op.WithEpilogue op;
    private final TensorType x;
    private final TensorType weight;

    Kind(Op.WithEpilogue op, TensorType weight) {
      this.op = op;
      this.weight = weight;
      x = op instanceof ProductOp ? f32(2, 17, 9) : f32(2, 6, 7, 19);
    }

    private static Op.WithEpilogue convolution(Window window, long groups) {
      return new ConvolutionOp.Convolution(window, groups, Epilogue.NONE);
    }
  }

  record Case(
      String backend,
      Kind kind,
      Activation function,
      boolean bias,
      boolean residual,
      boolean training) {
    Graph graph() {
      GraphBuilder graph = new GraphBuilder();
      Value x = graph.input("x", kind.x);
      Value w = graph.parameter("w", kind.weight);
      List<Value> trained = new ArrayList<>(List.of(w));
      if (bias) {
        trained.add(graph.parameter("bias", f32(kind.weight.shape().dimension(0))));
      }
      Value y;
      if (bias && kind != Kind.PRODUCT) {
        Op op = kind.op.withEpilogue(Epilogue.ROW_BIAS);
        y = graph.add("", op, List.of(x, w, trained.getLast())).result();
      } else {
        y = graph.add("", kind.op, List.of(x, w)).result();
        y = bias ? plus(graph, y, trained.getLast()) : y;
      }
      if (residual) {
        trained.add(graph.parameter("residual", y.type()));
        y = plus(graph, trained.getLast(), y);
      }
      y = graph.add("", new ActivationOp.Activate(function), List.of(y)).result();
      graph.output("y", y);
      if (training) {
        Value dy = graph.input("dy", y.type());
        Gradients.append(graph, Map.of(y, dy), trained)
            .forEach((value, gradient) -> graph.output("d" + value.name(), gradient));
      }
      return graph.build();
    }

    private static Value plus(GraphBuilder graph, Value x, Value y) {
      return graph.add("", new ElementwiseOp.Binary(BinaryFunction.ADD), List.of(x, y)).result();
    }

    private boolean isFunctionFused() {
      boolean isArgumentNeeded = training && function.gradient() == Activation.Gradient.FROM_INPUT;
      return Epilogue.Function.of(function).isPresent() && !isArgumentNeeded;
    }

    int nodesThatGo() {
      boolean isBiasFused = bias && kind == Kind.PRODUCT; // else it is an operand from the start
      return (isBiasFused ? 1 : 0) + (residual ? 1 : 0) + (isFunctionFused() ? 1 : 0);
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String backend : Backends.names()) {
      for (Activation function : FUNCTIONS) {
        for (Kind kind : Kind.values()) {
          for (int options = 0; options < (kind == Kind.PRODUCT ? 8 : 4); options++) {
            cases.add(
                new Case(
                    backend,
                    kind,
                    function,
                    (options & 1) != 0,
                    (options & 4) != 0,
                    (options & 2) != 0));
          }
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areThoseOfTheOriginal(Case c) {
    Graph graph = c.graph();
    Graph fused = Fusion.apply(graph);
    assertThat(fused.nodes()).hasSize(graph.nodes().size() - c.nodesThatGo());
    Map<String, float[]> expected = run(graph, c.backend);
    run(fused, c.backend)
        .forEach((name, actual) -> assertThat(actual).as(name).isEqualTo(expected.get(name)));
  }

  private static Map<String, float[]> run(Graph graph, String backend) {
    SplittableRandom random = new SplittableRandom(1);
    Map<String, float[]> results = new LinkedHashMap<>();
    try (TestRun run = new TestRun(graph, backend)) {
      graph.inputs().values().forEach(value -> run.write(value, elements(value.type(), random)));
      graph
          .parameters()
          .values()
          .forEach(value -> run.write(value, elements(value.type(), random)));
      run.run();
      graph.outputs().forEach((name, value) -> results.put(name, run.read(value)));
    }
    return results;
  }

  private static double[] elements(TensorType type, SplittableRandom random) {
    double[] elements = new double[(int) type.shape().size()];
    Arrays.setAll(elements, i -> random.nextGaussian());
    return elements;
  }
}
