package org.lanewise.ffi.opencl.backend;

import java.util.OptionalInt;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Reduction;

/** Softmax cross-entropy on a device. */
final class CrossEntropySteps {
  private static final String FILE = "cross_entropy.cl";
  private static final String FAULT = "label %d of row %d is not one of the %d classes";

  private CrossEntropySteps() {}

  static Step bind(LossOp.SoftmaxCrossEntropy op, Operands in, Operands out, Launcher launcher) {
    return op.isPlain() ? plain(in, out, launcher) : general(op, in, out, launcher);
  }

  private static Step plain(Operands in, Operands out, Launcher launcher) {
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    Step eachRow =
        launcher
            .kernel(FILE, "row_normalizers")
            .tensor(in.get(0))
            .tensor(out.get(1))
            .number(rows)
            .number(columns)
            .over(rows);
    Step mean =
        launcher
            .kernel(FILE, "plain_mean")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(out.get(1))
            .tensor(out.get(0))
            .number(rows)
            .number(columns)
            .fault(FAULT)
            .over(1);
    return launcher.sequence(eachRow, mean);
  }

  private static Step general(
      LossOp.SoftmaxCrossEntropy op, Operands in, Operands out, Launcher launcher) {
    long rows = in.dimension(0, 0);
    Launcher.Arguments loss =
        launcher
            .kernel(FILE, "reduce_losses")
            .tensor(out.get(2))
            .tensor(in.get(1))
            .tensor(out.get(0))
            .number(rows);
    return launcher.sequence(
        eachRow(op.ignored(), op.smoothing(), in, out.get(2), out.get(1), launcher),
        ignored(loss, op.ignored()).integer(isMean(op.reduction())).over(1));
  }

  static Step bind(
      LossOp.SoftmaxCrossEntropyOfRows op, Operands in, Operands out, Launcher launcher) {
    return eachRow(op.ignored(), op.smoothing(), in, out.get(0), out.get(1), launcher);
  }

  private static Step eachRow(
      OptionalInt ignored,
      float smoothing,
      Operands in,
      Operand losses,
      Operand normalizers,
      Launcher launcher) {
    long rows = in.dimension(0, 0);
    Launcher.Arguments eachRow =
        launcher
            .kernel(FILE, "row_losses")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(normalizers)
            .tensor(losses)
            .number(rows)
            .number(in.dimension(0, 1));
    return ignored(eachRow, ignored).real(smoothing).fault(FAULT).over(rows);
  }

  static Step bind(
      LossOp.SoftmaxCrossEntropyBackward op, Operands in, Operands out, Launcher launcher) {
    long rows = in.dimension(0, 0);
    Operand scale = launcher.scratch(1);
    Launcher.Arguments count =
        launcher.kernel(FILE, "gradient_scale").tensor(in.get(1)).tensor(scale).number(rows);
    Launcher.Arguments eachRow =
        launcher
            .kernel(FILE, "cross_entropy_backward")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(2))
            .tensor(scale)
            .tensor(out.get(0))
            .number(rows)
            .number(in.dimension(0, 1));
    return launcher.sequence(
        ignored(count, op.ignored()).integer(isMean(op.reduction())).over(1),
        ignored(eachRow, op.ignored()).real(op.smoothing()).fault(FAULT).over(rows));
  }

  /** The arguments that say which label is ignored, if any. */
  private static Launcher.Arguments ignored(Launcher.Arguments arguments, OptionalInt ignored) {
    return arguments.flag(ignored.isPresent()).integer(ignored.orElse(0));
  }

  private static int isMean(Reduction reduction) {
    return reduction == Reduction.MEAN ? 1 : 0;
  }
}
