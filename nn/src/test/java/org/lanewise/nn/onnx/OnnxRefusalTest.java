package org.lanewise.nn.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.lanewise.nn.Constant.constant;
import static org.lanewise.nn.layers.Layers.linear;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.Effects;
import org.lanewise.kernels.op.HostOperand;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.onnx.OnnxCase.Nothing;
import org.lanewise.nn.weights.Weights;

/** What cannot be exported is refused with a message that says what and why. */
class OnnxRefusalTest {
  private static final OnnxOptions TIME = OnnxOptions.DEFAULT.dynamic("x", 1, "time");

  @TempDir private Path folder;

  /** An op that ONNX does not have. */
  record Own() implements Op.Custom {
    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
      return inputs;
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y");
    }

    @Override
    public long flops(List<TensorType> inputs) {
      return 0;
    }

    @Override
    public void run(List<HostOperand> inputs, List<HostOperand> outputs) {
      MemorySegment y = outputs.getFirst().elements();
      y.copyFrom(inputs.getFirst().elements());
    }
  }

  static Stream<Arguments> functions() {
    HostTensor ones = HostTensor.of(new float[] {1, 1, 1, 1}, 4);
    return Stream.of(
        refused(TIME, x -> x.apply(new Own()), "Own cannot be exported: it is an op of your own"),
        refused(
            TIME,
            x -> x.meanSquaredError(x.mul(2f)),
            "MeanSquaredError cannot be exported: it is a loss, which inference does not need"),
        refused(
            TIME,
            x -> x.apply(new DropoutOp.Dropout(0.5f, 1), constant(HostTensor.of(new int[3], 3))),
            "Dropout cannot be exported: it drops elements"),
        refused(
            OnnxOptions.FIXED,
            x ->
                x.apply(
                    new NormOp.BatchNorm(1e-5f, 0.1f, true),
                    constant(ones),
                    constant(ones),
                    constant(ones),
                    constant(ones)),
            "BatchNorm cannot be exported: it computes with the statistics of the batch"),
        refused(
            OnnxOptions.FIXED,
            x -> x.reshape(1, 1, 3, 4).averagePool(Window.of(1).withPadding(1)),
            "AveragePooling cannot be exported: its padding must be less than its kernel"),
        refused(
            TIME,
            x -> x.matmul(constant(HostTensor.zeros(TensorType.f32(4, 5)))),
            "the length 'time' cannot vary: Gemm"),
        refused(
            TIME,
            x -> x.shape().dimension(1) > 4 ? x.relu() : x.tanh(),
            "the function is not the same at all sizes: operation 0 is"),
        refused(
            TIME,
            x -> x.shape().dimension(1) > 4 ? x.relu().tanh() : x.relu(),
            "the function is not the same at all sizes: there are 1 and 2 operations"),
        refused(
            TIME,
            x -> {
              long time = x.shape().dimension(1);
              float[] elements = new float[(int) time];
              elements[0] = 1;
              return x.mul(constant(HostTensor.of(elements, time)));
            },
            "a constant has another shape or other elements"),
        refused(
            TIME,
            x -> x.mul(constant((float) x.shape().dimension(1))),
            "a constant has another shape or other elements"),
        refused(TIME, x -> x.pad(1, 0, cube(x.shape().dimension(1))), "a length that is 64"),
        refused(OnnxOptions.FIXED, x -> x.relu().as("x"), "calls two tensors 'x'"),
        refused(
            OnnxOptions.FIXED.dynamic("z", 0, "batch"),
            Tensor::relu,
            "there is no axis 0 of 'z' among the inputs x f32[3, 4]"),
        refused(
            OnnxOptions.FIXED.dynamic("x", 2, "depth"),
            Tensor::relu,
            "there is no axis 2 of 'x' among the inputs x f32[3, 4]"),
        refused(
            OnnxOptions.DEFAULT.dynamic("x", 1, "batch"),
            Tensor::relu,
            "axes called 'batch' must have the same length but have 3 and 4"));
  }

  private static long cube(long length) {
    return length * length * length;
  }

  private static Arguments refused(
      OnnxOptions options, UnaryOperator<Tensor> function, String message) {
    return arguments(options, function, message);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void refuses(OnnxOptions options, UnaryOperator<Tensor> function, String message) {
    Path file = folder.resolve("model.onnx");
    Weights weights = Weights.of(new Nothing()).initialize(1);
    Signature signature = Signature.of("x", TensorType.f32(3, 4));
    assertThatThrownBy(() ->
            Onnx.export(
                weights,
                in -> Tensors.of("y", function.apply(in.get("x"))),
                signature,
                file,
                options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesWeightsWithoutElements() {
    Linear layer = linear(4, 5);
    assertThatThrownBy(() ->
            Onnx.export(
                Weights.of(layer),
                in -> Tensors.of("y", layer.forward(in.get("x"))),
                Signature.of("x", TensorType.f32(3, 4)),
                folder.resolve("model.onnx")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the weights are neither initialized nor loaded");
  }

  @Test
  void refusesAxesBelowZeroAndLengthsWithoutNames() {
    assertThatThrownBy(() -> OnnxOptions.DEFAULT.dynamic("x", -1, "time"))
        .hasMessage("axis must be at least 0 but is -1");
    assertThatThrownBy(() -> OnnxOptions.DEFAULT.dynamic("x", 1, ""))
        .hasMessage("name must not be empty");
  }
}
