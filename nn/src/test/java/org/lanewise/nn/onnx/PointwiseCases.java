package org.lanewise.nn.onnx;

import static org.lanewise.nn.Constant.constant;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.onnx.OnnxCase.Nothing;

/** Functions of elements. */
final class PointwiseCases {
  private PointwiseCases() {}

  static Stream<OnnxCase> all() {
    return Stream.of(
            Stream.of(Activation.values()).map(PointwiseCases::activation),
            Stream.of(BinaryFunction.values()).map(PointwiseCases::binary),
            Stream.of(Conversion.values()).map(PointwiseCases::conversion),
            others())
        .flatMap(cases -> cases);
  }

  /** Of what is in the domain of all. */
  private static OnnxCase activation(Activation function) {
    boolean isPartial =
        List.of(Activation.LOG, Activation.SQRT, Activation.RSQRT, Activation.RECIPROCAL)
            .contains(function);
    UnaryOperator<Tensor> argument =
        isPartial ? x -> x.square().add(constant(0.5f)) : UnaryOperator.identity();
    return OnnxCase.of(
        function.toString(), new Nothing(), x -> argument.apply(x).activate(function), 3, 17);
  }

  /** Of two tensors of the same shape, with a row and with a number; some elements are equal. */
  private static OnnxCase binary(BinaryFunction function) {
    ElementwiseOp.Binary op = new ElementwiseOp.Binary(function);
    HostTensor row = HostTensor.of(new float[] {1f, -2f, 0.5f, 3f, -0.25f}, 5);
    Function<Tensors, Tensors> f =
        in ->
            Tensors.of("both", in.get("x").apply(op, in.get("y")))
                .and("same", in.get("x").apply(op, in.get("x")))
                .and("row", in.get("x").apply(op, constant(row)))
                .and("column", in.get("x").apply(op, in.get("c")))
                .and("number", in.get("x").apply(op, constant(1.5f)));
    Signature signature =
        Signature.of("x", TensorType.f32(3, 5))
            .and("y", TensorType.f32(3, 5))
            .and("c", TensorType.f32(3, 1));
    return OnnxCase.ofAll(function.toString(), new Nothing(), f, signature);
  }

  private static OnnxCase conversion(Conversion conversion) {
    DType to = conversion.to();
    Function<Tensors, Tensors> f = in -> Tensors.of("y", in.get("x").convert(to));
    return OnnxCase.ofAll(
            conversion.toString(),
            new Nothing(),
            f,
            Signature.of("x", TensorType.of(conversion.from(), 3, 7)))
        .withBelow("x", Integer.MAX_VALUE);
  }

  private static Stream<OnnxCase> others() {
    return Stream.of(
        OnnxCase.of("multiple", new Nothing(), x -> x.mul(-2.5f), 3, 4),
        OnnxCase.of("copy", new Nothing(), x -> x.mul(1f), 3, 4),
        OnnxCase.of("clamp", new Nothing(), x -> x.clamp(-1f, 0.5f), 3, 4),
        OnnxCase.of("dropout", new Nothing(), x -> x.dropout(0.5f).relu(), 3, 4),
        OnnxCase.of("the input itself", new Nothing(), x -> x, 3, 4),
        OnnxCase.of(
            "where",
            new Nothing(),
            x -> Tensor.where(x.greaterThan(constant(0f)), x.exp(), constant(-1f)),
            3,
            4),
        OnnxCase.ofAll(
            "where of all sizes",
            new Nothing(),
            in -> Tensors.of("y", Tensor.where(in.get("c"), in.get("x"), in.get("x").neg())),
            Signature.of("x", TensorType.f32(3, 4)).and("c", TensorType.f32(3, 1))),
        OnnxCase.ofAll(
            "several outputs of one value",
            new Nothing(),
            in -> {
              Tensor y = in.get("x").relu();
              return Tensors.of("a", y).and("b", y).and("c", in.get("x"));
            },
            Signature.of("x", TensorType.f32(2, 3))));
  }
}
