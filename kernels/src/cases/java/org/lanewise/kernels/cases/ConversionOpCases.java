package org.lanewise.kernels.cases;

import java.util.List;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.op.TensorType;

/** Conversions; the largest of every f16, bf16 and u8. */
final class ConversionOpCases {
  private ConversionOpCases() {}

  static void addTo(List<OpCase> cases) {
    for (Conversion conversion : Conversion.values()) {
      for (long size : new long[] {0, 1, 15, 17, 1000, 100_003}) {
        cases.add(
            new OpCase(
                new ConversionOp.Convert(conversion), TensorType.of(conversion.from(), size)));
      }
    }
  }
}
