package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ConversionKernels;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Conversions. */
record ConversionSteps(ConversionKernels conversions) {
  PoolRunnable bind(ConversionOp op, Operands in, Operands out) {
    MemorySegment x = in.segment(0);
    MemorySegment y = out.segment(0);
    return switch (op) {
      case ConversionOp.Convert(var conversion) ->
          RangeTask.overElements(
              in.size(0), (from, to) -> conversions.convert(conversion, x, y, from, to));
    };
  }
}
