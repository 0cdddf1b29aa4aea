package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Conversion;

/** Conversions between element types. */
public interface ConversionKernels {
  /** {@code y = x}, each element converted, for {@code from ≤ i < to}. */
  void convert(Conversion conversion, MemorySegment x, MemorySegment y, long from, long to);
}
