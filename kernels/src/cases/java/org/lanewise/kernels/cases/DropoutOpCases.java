package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.DropoutSeed;

/** Dropout with seeds, of which some are negative. */
final class DropoutOpCases {
  private DropoutOpCases() {}

  static void addTo(List<OpCase> cases) {
    for (long size : new long[] {0, 1, 17, 100_003}) {
      cases.add(dropout(new DropoutOp.Dropout(0f, 0), size));
      cases.add(dropout(new DropoutOp.Dropout(0.3f, -5), size));
    }
  }

  private static OpCase dropout(DropoutOp op, long size) {
    return new OpCase(op, Integer.MAX_VALUE, List.of(f32(size), DropoutSeed.TYPE));
  }
}
