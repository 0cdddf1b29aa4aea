package org.lanewise.kernels.simd;

import java.util.List;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.KernelTable.Tensors;

/**
 * Attention for {@link KernelTable}: each row of the matrix is a sample of a fused projection, of a
 * few queries so that the twin is fast. {@link AttentionTwinTest} has more queries than that, and
 * special values, which here would leave no other.
 */
final class AttentionKernelTable {
  private static final int LENGTH = 18;

  private AttentionKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    for (boolean causal : new boolean[] {false, true}) {
      Shapes shapes = new Shapes(causal);
      kernels.add(
          Kernel.of(
              "attention causal=" + causal,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.attention()
                      .forward(
                          shapes.of(t),
                          t.state1,
                          t.state1,
                          t.state1,
                          null,
                          null,
                          t.out,
                          t.state2,
                          from,
                          end(t, from, to))));
      kernels.add(
          Kernel.of(
              "attentionBackward causal=" + causal,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.attention()
                      .backward(
                          shapes.of(t),
                          t.state1,
                          t.state1,
                          t.state1,
                          null,
                          t.state2,
                          t.state2,
                          t.state2,
                          causal,
                          causal,
                          causal,
                          t.out,
                          t.out,
                          t.out,
                          from,
                          end(t, from, to))));
    }
  }

  /** The end of a range, or of an empty one if the matrix is too narrow for queries. */
  private static long end(Tensors t, long from, long to) {
    return t.columns < 3 ? from : to;
  }

  /** The shape for tensors; the last one is kept, lest a call allocate. */
  private static final class Shapes {
    private final boolean causal;
    private AttentionShape last = new AttentionShape(0, 0, 0, 0, 0);
    private long columns;

    Shapes(boolean causal) {
      this.causal = causal;
    }

    AttentionShape of(Tensors t) {
      if (last.batch() != t.rows || columns != t.columns) {
        int third = (int) t.columns / 3;
        int length = Math.min(third, LENGTH);
        last = AttentionShape.fused((int) t.rows, 1, 1, length, length == 0 ? 0 : third / length);
        last = causal ? last.withCausal() : last;
        columns = t.columns;
      }
      return last;
    }
  }
}
