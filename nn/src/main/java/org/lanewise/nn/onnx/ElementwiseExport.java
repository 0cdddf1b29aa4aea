package org.lanewise.nn.onnx;

import java.util.Map;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.op.ElementwiseOp;

/** Functions of elements. */
final class ElementwiseExport {
  private static final float SQRT_HALF = (float) Math.sqrt(0.5);
  private static final float TANH_FACTOR = (float) Math.sqrt(2 / Math.PI);
  private static final float TANH_CUBE = 0.044715f;

  private ElementwiseExport() {}

  static String export(ElementwiseOp.Forward op, Emitter e) {
    return switch (op) {
      case ElementwiseOp.Binary(var function) -> binary(function, e, e.input(0), e.input(1));
      case ElementwiseOp.Scale(var alpha) when alpha == 1 -> e.add("Identity", e.input(0));
      case ElementwiseOp.Scale(var alpha) -> e.add("Mul", e.input(0), e.number(alpha));
      case ElementwiseOp.Where _ ->
          e.add("Where", e.cast(e.input(0), OnnxType.BOOL), e.input(1), e.input(2));
    };
  }

  private static String binary(BinaryFunction function, Emitter e, String x, String y) {
    return switch (function) {
      case ADD -> e.add("Add", x, y);
      case SUBTRACT -> e.add("Sub", x, y);
      case MULTIPLY -> e.add("Mul", x, y);
      case DIVIDE -> e.add("Div", x, y);
      case MAXIMUM -> e.add("Max", x, y);
      case MINIMUM -> e.add("Min", x, y);
      case LESS -> number(e, e.add("Less", x, y));
      case LESS_OR_EQUAL -> number(e, e.add("LessOrEqual", x, y));
      case GREATER -> number(e, e.add("Greater", x, y));
      case GREATER_OR_EQUAL -> number(e, e.add("GreaterOrEqual", x, y));
      case EQUAL -> number(e, e.add("Equal", x, y));
      case NOT_EQUAL -> number(e, e.add("Not", e.add("Equal", x, y)));
    };
  }

  private static String number(Emitter e, String truth) {
    return e.cast(truth, OnnxType.FLOAT);
  }

  static String activation(Activation function, Emitter e, String x) {
    return switch (function) {
      case RELU -> e.add("Relu", x);
      case LEAKY_RELU -> e.add("LeakyRelu", Map.of("alpha", Activation.LEAKY_SLOPE), x);
      case ELU -> e.add("Elu", Map.of("alpha", 1f), x);
      case SIGMOID -> e.add("Sigmoid", x);
      case TANH -> e.add("Tanh", x);
      case SOFTPLUS -> e.add("Softplus", x);
      case SILU -> e.add("Mul", x, e.add("Sigmoid", x));
      case GELU -> gelu(e, x, e.add("Erf", e.add("Mul", x, e.number(SQRT_HALF))));
      case GELU_TANH -> {
        String cube = e.add("Mul", e.add("Mul", x, x), e.add("Mul", x, e.number(TANH_CUBE)));
        String u = e.add("Mul", e.add("Add", x, cube), e.number(TANH_FACTOR));
        yield gelu(e, x, e.add("Tanh", u));
      }
      case HARDSWISH -> e.add("HardSwish", x);
      case EXP -> e.add("Exp", x);
      case LOG -> e.add("Log", x);
      case SQRT -> e.add("Sqrt", x);
      case RSQRT -> e.add("Reciprocal", e.add("Sqrt", x));
      case RECIPROCAL -> e.add("Reciprocal", x);
      case SQUARE -> e.add("Mul", x, x);
      case ABS -> e.add("Abs", x);
    };
  }

  /** {@code ½x·(1 + t)}. */
  private static String gelu(Emitter e, String x, String t) {
    return e.add("Mul", e.add("Mul", x, e.number(0.5f)), e.add("Add", t, e.number(1f)));
  }

  static String export(ConversionOp.Convert op, Emitter e) {
    String x = e.input(0);
    if (op.conversion() == Conversion.I64_TO_I32) { // an integer that is too large would wrap
      x = e.add("Clip", x, e.integer(Integer.MIN_VALUE), e.integer(Integer.MAX_VALUE));
    }
    return e.cast(x, OnnxType.of(op.conversion().to()));
  }
}
