package org.lanewise.ffi.opencl.backend;

import java.util.Locale;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.Broadcasting;
import org.lanewise.kernels.op.ElementwiseOp;

/** Functions of two tensors on a device. */
final class ElementwiseSteps {
  private ElementwiseSteps() {}

  static Step bind(ElementwiseOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case ElementwiseOp.Binary(var f) -> binary(f, in, out, launcher);
      case ElementwiseOp.Where() -> where(in, out, launcher);
      case ElementwiseOp.BinaryBackwardX(var f) -> backward(name(f) + "_x", in, out, launcher);
      case ElementwiseOp.BinaryBackwardY(var f) -> backward(name(f) + "_y", in, out, launcher);
      case ElementwiseOp.Scale(var alpha) ->
          launcher
              .kernel("elementwise.cl", "scale")
              .tensor(in.get(0))
              .tensor(out.get(0))
              .number(in.size(0))
              .real(alpha)
              .flag(out.adds(0))
              .overVectors(in.size(0));
    };
  }

  private static Step binary(BinaryFunction f, Operands in, Operands out, Launcher launcher) {
    Broadcasting y = repetition(in);
    return launcher
        .kernel("elementwise.cl", "binary", "FUNCTION=" + name(f))
        .tensor(in.get(0))
        .tensor(in.get(1))
        .tensor(out.get(0))
        .number(in.size(0))
        .flag(isColumn(y.broadcast()))
        .number(y.columns())
        .overVectors(in.size(0));
  }

  private static Step where(Operands in, Operands out, Launcher launcher) {
    Launcher.Arguments arguments =
        launcher
            .kernel("elementwise.cl", "where")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(2))
            .tensor(out.get(0))
            .number(out.size(0));
    for (int i = 0; i < in.count(); i++) {
      Broadcasting repetition = Broadcasting.of(out.shape(0), in.shape(i)).orElseThrow();
      arguments.flag(isColumn(repetition.broadcast())).number(repetition.columns());
    }
    return arguments.overVectors(out.size(0));
  }

  private static Step backward(String gradient, Operands in, Operands out, Launcher launcher) {
    Broadcasting y = repetition(in);
    return launcher
        .kernel("elementwise.cl", "binary_backward", "GRADIENT=" + gradient)
        .tensor(in.get(0))
        .tensor(in.get(1))
        .tensor(in.get(2))
        .tensor(out.get(0))
        .number(in.size(0))
        .flag(isColumn(y.broadcast()))
        .number(y.columns())
        .flag(out.adds(0))
        .overVectors(in.size(0));
  }

  private static Broadcasting repetition(Operands in) {
    return Broadcasting.of(in.shape(0), in.shape(1)).orElseThrow();
  }

  /** Whether y has an element for each row of the matrix, or else one for each column. */
  static boolean isColumn(Broadcast broadcast) {
    return switch (broadcast) {
      case SCALAR, COLUMN -> true;
      case NONE, ROW -> false;
    };
  }

  private static String name(BinaryFunction function) {
    return function.name().toLowerCase(Locale.ROOT);
  }
}
