package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;

/** Softmax on a device. */
final class SoftmaxSteps {
  private static final String FILE = "softmax.cl";

  private SoftmaxSteps() {}

  static Step bind(SoftmaxOp op, Operands in, Operands out, Launcher launcher) {
    Shape shape = in.shape(0);
    return switch (op) {
      case SoftmaxOp.Softmax(var axis) ->
          softmax(Axis.of(shape, axis), in.get(0), out.get(0), launcher);
      case SoftmaxOp.CausalSoftmax _ -> causal(shape, in.get(0), out.get(0), launcher);
      case SoftmaxOp.SoftmaxBackward(var axis) ->
          softmaxBackward(Axis.of(shape, axis), in, out, launcher);
      case SoftmaxOp.LogSoftmax(var axis) -> {
        Axis rows = Axis.of(shape, axis);
        yield launcher
            .kernel(FILE, "log_softmax")
            .tensor(in.get(0))
            .tensor(out.get(0))
            .number(rows.outer())
            .number(rows.length())
            .over(rows.outer());
      }
      case SoftmaxOp.LogSoftmaxBackward(var axis) ->
          backwardOfRows("log_softmax_backward", Axis.of(shape, axis), in, out, launcher);
    };
  }

  private static Step softmax(Axis axis, Operand x, Operand y, Launcher launcher) {
    if (axis.inner() == 1) {
      return softmaxOfRows(axis, 0, false, x, y, launcher);
    }
    return launcher
        .kernel(FILE, "softmax_of_axis")
        .tensor(x)
        .tensor(y)
        .number(axis.outer())
        .number(axis.length())
        .number(axis.inner())
        .over(axis.innerVectors(), axis.outer());
  }

  private static Step causal(Shape shape, Operand x, Operand y, Launcher launcher) {
    long queries = shape.dimension(shape.rank() - 2);
    return softmaxOfRows(Axis.of(shape, -1), queries, true, x, y, launcher);
  }

  private static Step softmaxOfRows(
      Axis rows, long queries, boolean causal, Operand x, Operand y, Launcher launcher) {
    return launcher
        .kernel(FILE, "softmax")
        .tensor(x)
        .tensor(y)
        .number(rows.outer())
        .number(rows.length())
        .number(queries)
        .flag(causal)
        .over(rows.outer());
  }

  private static Step softmaxBackward(Axis axis, Operands in, Operands out, Launcher launcher) {
    if (axis.inner() == 1) {
      return backwardOfRows("softmax_backward", axis, in, out, launcher);
    }
    return launcher
        .kernel(FILE, "softmax_of_axis_backward")
        .tensor(in.get(0))
        .tensor(in.get(1))
        .tensor(out.get(0))
        .number(axis.outer())
        .number(axis.length())
        .number(axis.inner())
        .flag(out.adds(0))
        .over(axis.innerVectors(), axis.outer());
  }

  private static Step backwardOfRows(
      String kernel, Axis rows, Operands in, Operands out, Launcher launcher) {
    return launcher
        .kernel(FILE, kernel)
        .tensor(in.get(0))
        .tensor(in.get(1))
        .tensor(out.get(0))
        .number(rows.outer())
        .number(rows.length())
        .flag(out.adds(0))
        .over(rows.outer());
  }

  /** A tensor [outer, length, inner]. */
  private record Axis(long outer, long length, long inner) {
    static Axis of(Shape shape, int axis) {
      int index = shape.axis(axis);
      return new Axis(
          shape.size(0, index), shape.dimension(index), shape.size(index + 1, shape.rank()));
    }

    long innerVectors() {
      return Launcher.vectors(inner);
    }
  }
}
