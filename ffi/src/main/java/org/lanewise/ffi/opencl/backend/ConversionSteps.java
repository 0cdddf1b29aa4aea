package org.lanewise.ffi.opencl.backend;

import java.util.Locale;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.ConversionOp;

/** Conversions on a device. */
final class ConversionSteps {
  private ConversionSteps() {}

  static Step bind(ConversionOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case ConversionOp.Convert(var conversion) ->
          launcher
              .kernel("conversion.cl", conversion.name().toLowerCase(Locale.ROOT))
              .tensor(in.get(0))
              .tensor(out.get(0))
              .number(in.size(0))
              .overVectors(in.size(0));
    };
  }
}
