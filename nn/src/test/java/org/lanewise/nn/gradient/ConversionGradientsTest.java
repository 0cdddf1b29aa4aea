package org.lanewise.nn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.TestRun;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Gradients pass values that are stored in 16 bits as they are, and integers have none. */
class ConversionGradientsTest {
  private static final double[] X = {0.1, -0.7, 3.3, 1e-3};
  private static final float[] COTANGENT = {0.3f, 1e-6f, -2.7f, 12345.678f};

  private final GraphBuilder graph = new GraphBuilder();
  private final Value x = graph.parameter("x", f32(2, 2));

  static List<String> backends() {
    return Backends.names();
  }

  private Value add(Op op, Value... inputs) {
    return graph.add("", op, List.of(inputs)).result();
  }

  private Value convert(Conversion conversion, Value value) {
    return add(new ConversionOp.Convert(conversion), value);
  }

  /** The gradient of x if that of the output is {@link #COTANGENT}. */
  private float[] gradient(String backend, Value output) {
    Value cotangent = graph.input("cotangent", output.type());
    Value gradient = Gradients.append(graph, Map.of(output, cotangent), List.of(x)).get(x);
    graph.output("gradient", gradient);
    try (TestRun run = new TestRun(graph.build(), backend)) {
      run.write(x, X);
      run.write(cotangent, Stream.of(0, 1, 2, 3).mapToDouble(i -> COTANGENT[i]).toArray());
      run.run();
      return run.read(gradient);
    }
  }

  private static float[] each(UnaryOperator<Float> function) {
    float[] result = COTANGENT.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = function.apply(result[i]);
    }
    return result;
  }

  @ParameterizedTest
  @MethodSource("backends")
  void roundingCountsAsTheIdentity(String backend) {
    Value half = convert(Conversion.F32_TO_BF16, x);
    assertThat(gradient(backend, convert(Conversion.BF16_TO_F32, half))).isEqualTo(COTANGENT);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void gradientsOfHalvesAreAddedInF32(String backend) {
    Value half = convert(Conversion.F32_TO_F16, x);
    Value flat = add(new LayoutOp.Reshape(Shape.of(4)), half);
    Value again = add(new LayoutOp.Reshape(Shape.of(2, 2)), flat);
    Value one = convert(Conversion.F16_TO_F32, again);
    Value three = add(new ElementwiseOp.Scale(3f), convert(Conversion.F16_TO_F32, half));
    Value sum = add(new ElementwiseOp.Binary(BinaryFunction.ADD), one, three);
    assertThat(gradient(backend, sum)).isEqualTo(each(d -> 3 * d + d));
  }

  @Test
  void integersHaveNone() {
    Value pixels = graph.input("pixels", TensorType.u8(2, 2));
    Value ids = graph.input("ids", TensorType.of(DType.I64, 2, 2));
    Value y =
        add(
            new ElementwiseOp.Binary(BinaryFunction.MULTIPLY),
            x,
            convert(Conversion.U8_TO_F32, pixels));
    Value cotangent = graph.input("cotangent", y.type());
    assertThat(Gradients.append(graph, Map.of(y, cotangent), List.of(pixels, x, ids)))
        .containsOnlyKeys(x);
  }

  @Test
  void theCotangentOfAHalfIsF32() {
    Value half = convert(Conversion.F32_TO_F16, x);
    Value cotangent = graph.input("cotangent", half.type());
    assertThatThrownBy(() -> Gradients.append(graph, Map.of(half, cotangent), List.of(x)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("must be f32[2, 2] but is cotangent f16[2, 2]");
  }
}
