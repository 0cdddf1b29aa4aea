package org.lanewise.kernels.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeRuleTest {
  private static ProductOp.Gemm gemm(Transpose transA, Transpose transB, Epilogue epilogue) {
    return new ProductOp.Gemm(transA, transB, 1f, epilogue);
  }

  private static final ProductOp.Gemm NN = gemm(Transpose.NO, Transpose.NO, Epilogue.NONE);
  private static final UpdateOp.Adam ADAM = new UpdateOp.Adam(0.9, 0.999, 1e-8, 0, false);

  static Stream<Arguments> fitting() {
    return Stream.of(
        arguments(NN, List.of(f32(2, 3), f32(3, 4)), List.of(f32(2, 4))),
        arguments(NN, List.of(f32(6, 5, 2, 3), f32(3, 4)), List.of(f32(6, 5, 2, 4))),
        arguments(NN, List.of(f32(6, 5, 2, 3), f32(6, 5, 3, 4)), List.of(f32(6, 5, 2, 4))),
        arguments(
            gemm(Transpose.YES, Transpose.NO, Epilogue.NONE),
            List.of(f32(3, 2), f32(3, 4)),
            List.of(f32(2, 4))),
        arguments(
            gemm(Transpose.NO, Transpose.YES, Epilogue.BIAS_RELU),
            List.of(f32(2, 3), f32(4, 3), f32(4)),
            List.of(f32(2, 4))),
        arguments(
            gemm(Transpose.YES, Transpose.YES, Epilogue.NONE),
            List.of(f32(3, 2), f32(4, 3)),
            List.of(f32(2, 4))),
        arguments(
            new ActivationOp.Activate(Activation.TANH), List.of(f32(5, 6)), List.of(f32(5, 6))),
        arguments(new ReductionOp.ColumnSums(), List.of(f32(5, 6)), List.of(f32(6))),
        arguments(
            new LossOp.SoftmaxCrossEntropy(),
            List.of(f32(5, 6), i32(5)),
            List.of(f32(), f32(5, 2))),
        arguments(
            new LossOp.SoftmaxCrossEntropyOfRows(OptionalInt.of(-100), 0.1f),
            List.of(f32(5, 6), i32(5)),
            List.of(f32(5), f32(5, 2))),
        arguments(
            new LossOp.SoftmaxCrossEntropyBackward(),
            List.of(f32(5, 6), i32(5), f32(5, 2)),
            List.of(f32(5, 6))),
        arguments(
            new LossOp.SoftmaxCrossEntropy(Reduction.SUM, OptionalInt.of(-100), 0.1f),
            List.of(f32(5, 6), i32(5)),
            List.of(f32(), f32(5, 2), f32(5))),
        arguments(new LossOp.MeanSquaredError(), List.of(f32(5, 6), f32(5, 6)), List.of(f32())),
        arguments(
            new LossOp.BinaryCrossEntropy(Reduction.MEAN),
            List.of(f32(5, 6), f32(5, 6)),
            List.of(f32())),
        arguments(
            new LossOp.HuberBackward(1f, Reduction.MEAN), List.of(f32(5), f32(5)), List.of(f32(5))),
        arguments(
            new NormOp.LayerNorm(0f),
            List.of(f32(2, 3, 4), f32(4), f32(4)),
            List.of(f32(2, 3, 4), f32(2, 3), f32(2, 3))),
        arguments(new NormOp.RmsNorm(0f), List.of(f32(4), f32(4)), List.of(f32(4), f32())),
        arguments(
            new NormOp.BatchNorm(0f, 1f, true),
            List.of(f32(2, 3, 4, 5), f32(3), f32(3), f32(3), f32(3)),
            List.of(f32(2, 3, 4, 5), f32(3), f32(3), f32(3), f32(3))),
        arguments(
            new NormOp.BatchNorm(0f, 1f, false),
            List.of(f32(1, 3), f32(3), f32(3), f32(3), f32(3)),
            List.of(f32(1, 3), f32(3))),
        arguments(
            new NormOp.BatchNormBackward(true),
            List.of(f32(2, 3), f32(3), f32(3), f32(3), f32(2, 3)),
            List.of(f32(2, 3), f32(3), f32(3))),
        arguments(
            new NormOp.GroupNorm(3, 0f),
            List.of(f32(2, 6, 4, 5), f32(6), f32(6)),
            List.of(f32(2, 6, 4, 5), f32(2, 3), f32(2, 3))),
        arguments(
            new NormOp.GroupNormBackward(3),
            List.of(f32(2, 6), f32(6), f32(2, 3), f32(2, 3), f32(2, 6)),
            List.of(f32(2, 6))),
        arguments(
            new NormOp.GroupNormParameterGradients(3),
            List.of(f32(2, 6), f32(2, 3), f32(2, 3), f32(2, 6)),
            List.of(f32(6), f32(6))),
        arguments(
            new RecurrentOp.Lstm(false, true, true),
            List.of(f32(2, 5, 12), f32(12, 3), f32(12), f32(2, 3), f32(2, 3), i32(2)),
            List.of(f32(2, 5, 3), f32(2, 3), f32(2, 3), f32(2, 5, 12), f32(2, 5, 3))),
        arguments(
            new RecurrentOp.Gru(true, false, false),
            List.of(f32(2, 5, 9), f32(9, 3), f32(9)),
            List.of(f32(2, 5, 3), f32(2, 3), f32(2, 5, 9), f32(2, 5, 3))),
        arguments(new SoftmaxOp.Softmax(-3), List.of(f32(2, 3, 4)), List.of(f32(2, 3, 4))),
        arguments(new SoftmaxOp.LogSoftmax(1), List.of(f32(2, 3, 1)), List.of(f32(2, 3, 1))),
        arguments(new SoftmaxOp.CausalSoftmax(), List.of(f32(3, 4)), List.of(f32(3, 4))),
        arguments(
            new ElementwiseOp.Binary(BinaryFunction.ADD),
            List.of(f32(5, 6), f32(6)),
            List.of(f32(5, 6))),
        arguments(
            new ElementwiseOp.BinaryBackwardY(BinaryFunction.ADD),
            List.of(f32(5, 6), f32(5, 1), f32(5, 6)),
            List.of(f32(5, 6))),
        arguments(new ElementwiseOp.Where(), List.of(f32(6), f32(), f32(5, 6)), List.of(f32(5, 6))),
        arguments(
            new ElementwiseOp.Where(), List.of(f32(0, 5), f32(1, 5), f32()), List.of(f32(0, 5))),
        arguments(new ReductionOp.Sum(Shape.of(5, 1)), List.of(f32(5, 6)), List.of(f32(5, 1))),
        arguments(new ReductionOp.Mean(Shape.of()), List.of(f32(5, 6)), List.of(f32())),
        arguments(new ReductionOp.Expand(Shape.of(5, 6), 1f), List.of(f32(6)), List.of(f32(5, 6))),
        arguments(
            new EmbeddingOp.Embedding(), List.of(f32(7, 3), i32(5, 6)), List.of(f32(5, 6, 3))),
        arguments(
            new EmbeddingOp.EmbeddingBackward(7),
            List.of(f32(5, 6, 3), i32(5, 6)),
            List.of(f32(7, 3))),
        arguments(
            new DropoutOp.Dropout(0.5f, 1),
            List.of(f32(5, 6), DropoutSeed.TYPE),
            List.of(f32(5, 6))),
        arguments(
            new LayoutOp.Permute(List.of(2, 0, 1)), List.of(f32(5, 6, 7)), List.of(f32(7, 5, 6))),
        arguments(new LayoutOp.Concat(1), List.of(f32(5, 6), f32(5, 7)), List.of(f32(5, 13))),
        arguments(new LayoutOp.Slice(1, 2, 5), List.of(f32(5, 6)), List.of(f32(5, 3))),
        arguments(new LayoutOp.Pad(0, 2, 1, 0f), List.of(f32(5, 6)), List.of(f32(8, 6))),
        arguments(new LayoutOp.Reshape(Shape.of(2, 15)), List.of(f32(5, 6)), List.of(f32(2, 15))),
        arguments(
            new UpdateOp.Adagrad(0, 0),
            List.of(f32(7), f32(), StepScalars.TYPE),
            List.of(f32(7), f32(7))),
        arguments(
            new UpdateOp.Sgd(0, false, 0),
            List.of(f32(7), f32(), StepScalars.TYPE),
            List.of(f32(7))),
        arguments(
            new UpdateOp.Sgd(0.9, false, 0),
            List.of(f32(7), f32(), StepScalars.TYPE),
            List.of(f32(7), f32(7))),
        arguments(ADAM, List.of(f32(7), f32(), StepScalars.TYPE), List.of(f32(7), f32(7), f32(7))));
  }

  @ParameterizedTest
  @MethodSource("fitting")
  void givesTheOutputs(Op op, List<TensorType> inputs, List<TensorType> outputs) {
    assertThat(ShapeRule.outputs(op, inputs)).isEqualTo(outputs);
    ShapeRule.check(op, inputs, outputs, Write.overwriteAll(outputs.size()));
  }

  static Stream<Arguments> unfitting() {
    return Stream.of(
        arguments(
            NN, List.of(f32(2, 3), f32(4, 5)), "inner dimensions differ: A is [2, 3], B is [4, 5]"),
        arguments(NN, List.of(f32(2, 3)), "takes 2 inputs"),
        arguments(
            NN,
            List.of(f32(2, 3, 1), f32(3, 5)),
            "inner dimensions differ: A is [2, 3, 1], B is [3, 5]"),
        arguments(
            NN,
            List.of(f32(2, 3, 4), f32(3, 4, 5)),
            "leading axes differ: A is [2, 3, 4], B is [3, 4, 5]"),
        arguments(
            NN,
            List.of(f32(3, 4), f32(1, 4, 5)),
            "leading axes differ: A is [3, 4], B is [1, 4, 5]"),
        arguments(
            gemm(Transpose.YES, Transpose.NO, Epilogue.NONE),
            List.of(f32(2, 4, 3), f32(4, 5)),
            "transposed matrices cannot share B: A is [2, 4, 3] transposed, B is [4, 5]"),
        arguments(
            NN, List.of(f32(3), f32(3, 5)), "A must have at least 2 dimensions but is f32[3]"),
        arguments(NN, List.of(f32(2, 3), i32(3, 5)), "B must be f32 but is i32[3, 5]"),
        arguments(
            gemm(Transpose.NO, Transpose.NO, Epilogue.BIAS),
            List.of(f32(2, 3), f32(3, 5), f32(4)),
            "bias must be f32[5] but is f32[4]"),
        arguments(
            new ConvolutionOp.Convolution(Window.of(1), 1, Epilogue.ROW_BIAS),
            List.of(f32(2, 3, 4, 5), f32(6, 3, 1, 1), f32(3)),
            "bias must be f32[6] but is f32[3]"),
        arguments(
            new ConvolutionOp.TransposedConvolution(Window.of(3).withStride(2), 1, 9, 11),
            List.of(f32(2, 6, 4, 6), f32(6, 3, 3, 3)),
            "x must be f32[2, 6, 4, 5] but is f32[2, 6, 4, 6]"),
        arguments(
            new ConvolutionOp.TransposedConvolution(Window.of(3), 2, 6, 6),
            List.of(f32(2, 6, 4, 4), f32(4, 3, 3, 3)),
            "weight must be f32[6, 3, 3, 3] but is f32[4, 3, 3, 3]"),
        arguments(
            new ConvolutionOp.TransposedConvolution(Window.of(3), 4, 6, 6),
            List.of(f32(2, 6, 4, 4), f32(6, 3, 3, 3)),
            "4 groups do not divide the 12 channels of images [2, 12, 6, 6] and the 6 filters"),
        arguments(
            new LossOp.SoftmaxCrossEntropy(),
            List.of(f32(5, 6), i32(6)),
            "labels must be i32[5] but is i32[6]"),
        arguments(
            new LossOp.SoftmaxCrossEntropy(),
            List.of(f32(5, 6), f32(5)),
            "labels must be i32[5] but is f32[5]"),
        arguments(
            new LossOp.SoftmaxCrossEntropy(), List.of(f32(0, 6), i32(0)), "must not be empty"),
        arguments(
            new LossOp.MeanSquaredError(),
            List.of(f32(5), f32(6)),
            "prediction is f32[5] but target is f32[6]"),
        arguments(
            new LossOp.MeanSquaredError(),
            List.of(i32(5), i32(5)),
            "prediction must be f32 but is i32[5]"),
        arguments(
            new LossOp.BinaryCrossEntropy(Reduction.MEAN),
            List.of(f32(5), f32(6)),
            "logits is f32[5] but targets is f32[6]"),
        arguments(
            new NormOp.LayerNorm(0f),
            List.of(f32(), f32(4), f32(4)),
            "x must have at least 1 dimension but is f32[]"),
        arguments(
            new NormOp.LayerNorm(0f),
            List.of(f32(2, 3), f32(2), f32(3)),
            "of f32[2, 3]: weight must be f32[3] but is f32[2]"),
        arguments(
            new NormOp.LayerNormBackward(),
            List.of(f32(2, 3), f32(3), f32(2), f32(2), f32(3, 2)),
            "x is f32[2, 3] but dy is f32[3, 2]"),
        arguments(
            new NormOp.RmsNormParameterGradients(),
            List.of(f32(2, 3), f32(3), f32(2, 3)),
            "rstd must be f32[2] but is f32[3]"),
        arguments(
            new NormOp.BatchNorm(0f, 0f, false),
            List.of(f32(3), f32(3), f32(3), f32(3), f32(3)),
            "x must have at least 2 dimensions but is f32[3]"),
        arguments(
            new NormOp.BatchNorm(0f, 0f, true),
            List.of(f32(2, 3), f32(3), f32(3), f32(3), f32(2)),
            "running variance must be f32[3] but is f32[2]"),
        arguments(
            new NormOp.BatchNorm(0f, 0f, true),
            List.of(f32(1, 3), f32(3), f32(3), f32(3), f32(3)),
            "at least 2 elements of each channel in training but is f32[1, 3]"),
        arguments(
            new NormOp.GroupNorm(4, 0f),
            List.of(f32(2, 6, 5), f32(6), f32(6)),
            "4 groups do not divide the 6 channels of x f32[2, 6, 5]"),
        arguments(
            new NormOp.GroupNorm(2, 0f),
            List.of(f32(2, 6, 5), f32(6), f32(5)),
            "bias must be f32[6] but is f32[5]"),
        arguments(
            new NormOp.GroupNormBackward(2),
            List.of(f32(2, 6), f32(6), f32(2, 3), f32(2, 2), f32(2, 6)),
            "mean must be f32[2, 2] but is f32[2, 3]"),
        arguments(
            new NormOp.GroupNormParameterGradients(2),
            List.of(f32(2, 6), f32(2, 2), f32(2), f32(2, 6)),
            "rstd must be f32[2, 2] but is f32[2]"),
        arguments(
            new SoftmaxOp.Softmax(2), List.of(f32(2, 3)), "axis 2 does not exist in x f32[2, 3]"),
        arguments(new SoftmaxOp.Softmax(-1), List.of(f32()), "axis -1 does not exist in x f32[]"),
        arguments(
            new SoftmaxOp.LogSoftmax(0),
            List.of(f32(2, 3)),
            "axis 0 of x must be the innermost but it is f32[2, 3]"),
        arguments(
            new ActivationOp.Activate(Activation.RELU),
            List.of(i32(5)),
            "x must be f32 but is i32[5]"),
        arguments(
            new ElementwiseOp.Binary(BinaryFunction.ADD),
            List.of(f32(5, 6), f32(5)),
            "y is f32[5], which does not fill x f32[5, 6]"),
        arguments(
            new ElementwiseOp.Binary(BinaryFunction.ADD),
            List.of(f32(5, 6, 7), f32(6, 1)),
            "y is f32[6, 1], which does not fill x f32[5, 6, 7]"),
        arguments(
            new ElementwiseOp.BinaryBackwardX(BinaryFunction.ADD),
            List.of(f32(5, 6), f32(6), f32(6)),
            "x is f32[5, 6] but dz is f32[6]"),
        arguments(
            new ReductionOp.Sum(Shape.of(5)),
            List.of(f32(5, 6)),
            "x is f32[5, 6], which cannot be reduced along all, the first or the last axes to [5]"),
        arguments(new ReductionOp.Mean(Shape.of()), List.of(f32(0)), "x must not be empty"),
        arguments(
            new ReductionOp.Expand(Shape.of(5, 6), 1f),
            List.of(f32(5)),
            "y is f32[5] and does not fill [5, 6]"),
        arguments(
            new EmbeddingOp.Embedding(),
            List.of(f32(7, 3), f32(5)),
            "indices must be i32 but is f32[5]"),
        arguments(
            new EmbeddingOp.EmbeddingBackward(7),
            List.of(f32(4, 3), i32(5)),
            "they are [4, 3] and [5]"),
        arguments(
            new DropoutOp.Dropout(0.5f, 1),
            List.of(f32(5), i32(2)),
            "seed must be i32[3] but is i32[2]"),
        arguments(
            new LayoutOp.Permute(List.of(1, 0)), List.of(f32(5)), "x must have 2 axes to permute"),
        arguments(
            new LayoutOp.Concat(1), List.of(f32(5, 6), f32(6, 6)), "but are [5, 6] and [6, 6]"),
        arguments(new LayoutOp.Concat(0), List.of(), "takes at least 1 inputs"),
        arguments(
            new LayoutOp.Slice(1, 0, 7),
            List.of(f32(5, 6)),
            "x must have 7 elements in axis 1 but is [5, 6]"),
        arguments(
            new LayoutOp.Pad(1, 0, 7, 0f), List.of(f32(5)), "axis 1 does not exist in x f32[5]"),
        arguments(
            new LayoutOp.Reshape(Shape.of(4, 2)),
            List.of(f32(3, 3)),
            "x is f32[3, 3], which has 9 elements, and cannot be [4, 2], which has 8"),
        arguments(
            new RecurrentOp.Lstm(false, false, false),
            List.of(f32(2, 5, 13), f32(12, 3), f32(12)),
            "gates must be f32 [batch, time, 4 · hidden] but is f32[2, 5, 13]"),
        arguments(
            new RecurrentOp.Gru(false, false, true),
            List.of(f32(2, 5, 12), f32(12, 4), f32(12), f32(2)),
            "lengths must be i32[2] but is f32[2]"),
        arguments(
            new RecurrentOp.Gru(false, false, true),
            List.of(f32(2, 5, 12), f32(12, 4), f32(12)),
            "takes 4 inputs but got"),
        arguments(
            new RecurrentOp.LstmBackward(false, false, false, false, true, false),
            List.of(f32(2, 5, 12), f32(2, 5, 3), f32(2, 5, 3), f32(12, 3), f32(2, 4)),
            "dhN must be f32[2, 3] but is f32[2, 4]"),
        arguments(
            ADAM, List.of(f32(7), f32(), f32(2)), "step scalars must be f32[3] but is f32[2]"),
        arguments(
            ADAM, List.of(f32(7), f32(1), StepScalars.TYPE), "gradient scale must be f32[] but is"),
        arguments(
            new ClipOp.ClipNorm(1), List.of(f32(7), f32(3)), "scale must be f32[] but is f32[3]"));
  }

  @ParameterizedTest
  @MethodSource("unfitting")
  void namesWhatDoesNotFit(Op op, List<TensorType> inputs, String message) {
    assertThatThrownBy(() -> ShapeRule.outputs(op, inputs))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining(op.name())
        .hasMessageContaining(message);
  }

  private static Supplier<Op> convolution(Epilogue epilogue) {
    return make(() -> new ConvolutionOp.Convolution(Window.of(3), 1, epilogue));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("no bias for each column", convolution(Epilogue.BIAS)),
        arguments("no residual", convolution(Epilogue.NONE.withResidual())),
        arguments("no bounds", convolution(Epilogue.NONE.withClamp(0, 6))),
        arguments("no bias for each row", make(() -> NN.withEpilogue(Epilogue.ROW_BIAS))),
        arguments("p must be in [0, 1) but is 1.0", make(() -> new DropoutOp.Dropout(1f, 0))),
        arguments("p must be in", make(() -> new DropoutOp.Dropout(Float.NaN, 0))),
        arguments("vocabulary must", make(() -> new EmbeddingOp.EmbeddingBackward(-1))),
        arguments("axes must be 0 to 1", make(() -> new LayoutOp.Permute(List.of(0, 0)))),
        arguments("at most 4", make(() -> new LayoutOp.Permute(List.of(0, 1, 2, 3, 4)))),
        arguments("axis must be at least 0", make(() -> new LayoutOp.Concat(-1))),
        arguments("from must be in [0, to]", make(() -> new LayoutOp.Slice(0, 3, 2))),
        arguments("before and after", make(() -> new LayoutOp.Pad(0, -1, 2, 0f))),
        arguments("limit must be above 0", make(() -> new ClipOp.ClipValue(0))),
        arguments("maxNorm must be above 0", make(() -> new ClipOp.ClipNorm(Double.NaN))),
        arguments("epsilon must be at least 0", make(() -> new UpdateOp.Adagrad(-1, 0))),
        arguments("weightDecay must be", make(() -> new UpdateOp.Adagrad(0, Double.NaN))),
        arguments("epsilon must be at least 0", make(() -> new UpdateOp.Adagrad(1e-46, 0))),
        arguments("weightDecay must be", make(() -> new UpdateOp.Adagrad(1e-8, 1e39))),
        arguments("momentum must be in [0, 1)", make(() -> new UpdateOp.Sgd(1 - 1e-9, true, 0))),
        arguments("momentum must be in [0, 1)", make(() -> new UpdateOp.Sgd(1e-46, true, 0))),
        arguments("weightDecay must be", make(() -> new UpdateOp.Sgd(0, false, 1e-46))),
        arguments(
            "dampening must be 0 without momentum but is 0.5",
            make(() -> new UpdateOp.Sgd(0, 0.5, false, 0))),
        arguments(
            "dampening must be 0 with Nesterov momentum but is 0.5",
            make(() -> new UpdateOp.Sgd(0.9, 0.5, true, 0))),
        arguments("dampening must be in [0, 1]", make(() -> new UpdateOp.Sgd(0.9, 2, false, 0))),
        arguments(
            "momentum must be in [0, 1)", make(() -> new UpdateOp.RmsProp(0.9, 1e-8, 0, 1, true))),
        arguments("decay must be in [0, 1)", make(() -> new UpdateOp.RmsProp(1, 1e-8, 0))),
        arguments("epsilon must be at least 0", make(() -> new UpdateOp.RmsProp(0.9, 1e-46, 0))),
        arguments("weightDecay must be", make(() -> new UpdateOp.RmsProp(0.9, 1e-8, 1e39))),
        arguments("beta1 must be in [0, 1)", make(() -> adam(1 - 1e-9, 0.99, 1e-8, 0))),
        arguments("beta2 must be in [0, 1)", make(() -> adam(0.9, -0.1, 1e-8, 0))),
        arguments("epsilon must be at least 0", make(() -> adam(0.9, 0.99, 1e-46, 0))),
        arguments("weightDecay must be", make(() -> adam(0.9, 0.99, 1e-8, 1e39))));
  }

  private static Op adam(double beta1, double beta2, double epsilon, double weightDecay) {
    return new UpdateOp.Adam(beta1, beta2, epsilon, weightDecay, false);
  }

  private static Supplier<Op> make(Supplier<Op> constructor) {
    return constructor;
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesHyperparametersOutOfRange(String message, Supplier<Op> constructor) {
    assertThatThrownBy(constructor::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void namesHyperparametersOutOfRange() {
    assertThatThrownBy(() -> new NormOp.LayerNorm(-1f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epsilon must be at least 0 and finite but is -1.0");
    assertThatThrownBy(() -> new NormOp.RmsNorm(Float.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("epsilon must be at least 0 and finite but is NaN");
    assertThatThrownBy(() -> new NormOp.GroupNorm(0, 1f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("groups must be at least 1 but is 0");
    assertThatThrownBy(() -> new NormOp.BatchNorm(0f, 1.5f, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("momentum must be in [0, 1] but is 1.5");
    assertThatThrownBy(() -> new LossOp.SoftmaxCrossEntropy(Reduction.SUM, OptionalInt.empty(), 1f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("smoothing must be in [0, 1) but is 1.0");
    assertThatThrownBy(() -> new LossOp.Huber(0f, Reduction.MEAN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delta must be above 0 and finite but is 0.0");
    assertThatThrownBy(() -> new UpdateOp.Adagrad(1e-46, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "epsilon must be at least 0 and finite as a float but is 1.0E-46, which becomes 0.0");
  }

  @Test
  void checksOutputs() {
    List<TensorType> inputs = List.of(f32(2, 3), f32(3, 4));
    List<Write> writes = List.of(Write.OVERWRITE);
    assertThatThrownBy(() -> ShapeRule.check(NN, inputs, List.of(f32(4, 2)), writes))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("f32[2, 4]")
        .hasMessageContaining("f32[4, 2]");
  }

  static Stream<Arguments> withoutAddition() {
    return Stream.of(
        arguments(new ActivationOp.Activate(Activation.RELU), f32(3), "Activate: y f32[3]"),
        arguments(new LayoutOp.Pad(0, 1, 1, 2f), f32(3), "Pad: y f32[5]"),
        arguments(new LayoutOp.Reshape(Shape.of(3)), i32(1, 3), "Reshape: y i32[3]"));
  }

  @ParameterizedTest
  @MethodSource("withoutAddition")
  void refusesToAddToWhatCannotBeAddedTo(Op op, TensorType input, String output) {
    List<TensorType> inputs = List.of(input);
    List<TensorType> outputs = ShapeRule.outputs(op, inputs);
    assertThatThrownBy(() -> ShapeRule.check(op, inputs, outputs, List.of(Write.ADD)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(output + " cannot be added to");
  }

  @Test
  void takesAWriteForEachOutput() {
    List<TensorType> inputs = List.of(f32(2, 3), f32(3, 4));
    List<TensorType> outputs = List.of(f32(2, 4));
    ShapeRule.check(NN, inputs, outputs, List.of(Write.ADD));
    assertThatThrownBy(() -> ShapeRule.check(NN, inputs, outputs, List.of(Write.ADD, Write.ADD)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Gemm has 1 outputs but is told to write them [ADD, ADD]");
  }

  @Test
  void countsTheCostOfAProduct() {
    Cost cost = Cost.of(NN, List.of(f32(2, 3), f32(3, 4)));
    assertThat(cost).isEqualTo(new Cost(2 * 2 * 3 * 4, 4 * (2 * 3 + 3 * 4 + 2 * 4)));
  }

  @Test
  void countsWhatAnUpdateReadsAndWrites() {
    Cost cost = Cost.of(ADAM, List.of(f32(100), f32(), StepScalars.TYPE));
    assertThat(cost.bytes()).isEqualTo(100 * 28 + 16);
  }

  @Test
  void refusesImpossibleShapes() {
    assertThatThrownBy(() -> Shape.of(2, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, -1]");
    assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than");
  }
}
