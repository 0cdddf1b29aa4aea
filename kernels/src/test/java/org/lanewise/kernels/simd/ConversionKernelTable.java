package org.lanewise.kernels.simd;

import java.util.List;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;

/** Conversions of what the bytes of a tensor are as elements of other types. */
final class ConversionKernelTable {
  private ConversionKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    for (Conversion c : Conversion.values()) {
      if (c.from() != DType.I64) {
        kernels.add(
            Kernel.of(
                c.toString(),
                Axis.ELEMENTS,
                (k, t, from, to) -> k.conversions().convert(c, t.z, t.out, from, to)));
      }
    }
    kernels.add(
        Kernel.of(
            "I64_TO_I32",
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.conversions()
                    .convert(Conversion.I64_TO_I32, t.longs, t.out, longs(from), longs(to))));
  }

  /** How many elements of 8 bytes the aligned part of so many elements of 4 bytes has. */
  private static long longs(long elements) {
    return Math.max(0, elements - 1) / 2;
  }
}
