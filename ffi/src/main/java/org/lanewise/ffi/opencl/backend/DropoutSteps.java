package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.scalar.ScalarDropoutKernels;

/** Dropout on a device. */
final class DropoutSteps {
  private DropoutSteps() {}

  static Step bind(DropoutOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case DropoutOp.Dropout(var p, var stream) ->
          launcher
              .kernel("dropout.cl", "dropout")
              .tensor(in.get(0))
              .tensor(in.get(1))
              .tensor(out.get(0))
              .number(in.size(0))
              .integer(stream)
              .integer((int) threshold(p))
              .real(ScalarDropoutKernels.scale(p))
              .flag(out.adds(0))
              .overVectors(in.size(0));
    };
  }

  /** The number of words that are less than {@code p · 2³²}; it fits in 32 bits as p is below 1. */
  private static long threshold(float p) {
    return (long) Math.ceil(p * 0x1p32);
  }
}
