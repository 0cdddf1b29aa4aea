package org.lanewise.kernels.simd;

import java.util.List;
import org.lanewise.kernels.scalar.ScalarAxisSoftmaxKernels;
import org.lanewise.kernels.scalar.ScalarMaskedSoftmaxKernels;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.softmax.AxisSoftmaxKernels;
import org.lanewise.kernels.simd.softmax.MaskedSoftmaxKernels;
import org.lanewise.kernels.simd.softmax.SoftmaxGradientKernels;
import org.lanewise.kernels.simd.softmax.SoftmaxKernels;

/** The variants of softmax and their gradients for {@link KernelTable}. */
final class SoftmaxKernelTable {
  private SoftmaxKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    kernels.add(
        new Kernel(
            "logSoftmax",
            Axis.ROWS,
            (t, from, to) -> SoftmaxKernels.logSoftmax(t.x, t.out, t.columns, from, to),
            (t, from, to) -> ScalarSoftmaxKernels.logSoftmax(t.x, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "logSoftmax in place",
            Axis.ROWS,
            (t, from, to) -> SoftmaxKernels.logSoftmax(t.out, t.out, t.columns, from, to),
            (t, from, to) -> ScalarSoftmaxKernels.logSoftmax(t.out, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "causal softmax",
            Axis.ROWS,
            (t, from, to) -> MaskedSoftmaxKernels.causal(t.x, t.out, t.rows, t.columns, from, to),
            (t, from, to) ->
                ScalarMaskedSoftmaxKernels.causal(t.x, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "causal softmax in place, two rows a matrix",
            Axis.ROWS,
            (t, from, to) -> MaskedSoftmaxKernels.causal(t.out, t.out, 2, t.columns, from, to),
            (t, from, to) ->
                ScalarMaskedSoftmaxKernels.causal(t.out, t.out, 2, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "masked softmax",
            Axis.ROWS,
            (t, from, to) ->
                MaskedSoftmaxKernels.masked(t.x, t.mask, t.out, t.rows, t.columns, from, to),
            (t, from, to) ->
                ScalarMaskedSoftmaxKernels.masked(
                    t.x, t.mask, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "masked softmax in place, a mask a row",
            Axis.ROWS,
            (t, from, to) ->
                MaskedSoftmaxKernels.masked(t.out, t.mask, t.out, 1, t.columns, from, to),
            (t, from, to) ->
                ScalarMaskedSoftmaxKernels.masked(t.out, t.mask, t.out, 1, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "biased softmax",
            Axis.ROWS,
            (t, from, to) ->
                MaskedSoftmaxKernels.biased(t.x, t.z, t.out, t.rows, t.columns, from, to),
            (t, from, to) ->
                ScalarMaskedSoftmaxKernels.biased(t.x, t.z, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "biased softmax in place, two rows a matrix",
            Axis.ROWS,
            (t, from, to) -> MaskedSoftmaxKernels.biased(t.out, t.z, t.out, 2, t.columns, from, to),
            (t, from, to) ->
                ScalarMaskedSoftmaxKernels.biased(t.out, t.z, t.out, 2, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "softmax over the outer axis",
            Axis.COLUMNS,
            (t, from, to) -> AxisSoftmaxKernels.softmax(t.x, t.out, t.rows, t.columns, from, to),
            (t, from, to) ->
                ScalarAxisSoftmaxKernels.softmax(t.x, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "softmax over an axis of one, in place",
            Axis.ELEMENTS,
            (t, from, to) -> AxisSoftmaxKernels.softmax(t.out, t.out, 1, t.columns, from, to),
            (t, from, to) ->
                ScalarAxisSoftmaxKernels.softmax(t.out, t.out, 1, t.columns, from, to)));
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          new Kernel(
              "softmaxBackward accumulate=" + accumulate,
              Axis.ROWS,
              (t, from, to) ->
                  SoftmaxGradientKernels.softmaxBackward(
                      accumulate, t.y, t.dy, t.out, t.columns, from, to),
              (t, from, to) ->
                  ScalarSoftmaxKernels.softmaxBackward(
                      accumulate, t.y, t.dy, t.out, t.columns, from, to)));
      kernels.add(
          new Kernel(
              "logSoftmaxBackward accumulate=" + accumulate,
              Axis.ROWS,
              (t, from, to) ->
                  SoftmaxGradientKernels.logSoftmaxBackward(
                      accumulate, t.x, t.z, t.out, t.columns, from, to),
              (t, from, to) ->
                  ScalarSoftmaxKernels.logSoftmaxBackward(
                      accumulate, t.x, t.z, t.out, t.columns, from, to)));
      kernels.add(
          new Kernel(
              "softmaxBackward over the outer axis accumulate=" + accumulate,
              Axis.COLUMNS,
              (t, from, to) ->
                  AxisSoftmaxKernels.softmaxBackward(
                      accumulate, t.y, t.dy, t.out, t.rows, t.columns, from, to),
              (t, from, to) ->
                  ScalarAxisSoftmaxKernels.softmaxBackward(
                      accumulate, t.y, t.dy, t.out, t.rows, t.columns, from, to)));
    }
    kernels.add(
        new Kernel(
            "softmaxBackward in place",
            Axis.ROWS,
            (t, from, to) ->
                SoftmaxGradientKernels.softmaxBackward(
                    false, t.x, t.out, t.out, t.columns, from, to),
            (t, from, to) ->
                ScalarSoftmaxKernels.softmaxBackward(
                    false, t.x, t.out, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "logSoftmaxBackward in place",
            Axis.ROWS,
            (t, from, to) ->
                SoftmaxGradientKernels.logSoftmaxBackward(
                    false, t.x, t.out, t.out, t.columns, from, to),
            (t, from, to) ->
                ScalarSoftmaxKernels.logSoftmaxBackward(
                    false, t.x, t.out, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "softmaxBackward over an axis of one, in place",
            Axis.ELEMENTS,
            (t, from, to) ->
                AxisSoftmaxKernels.softmaxBackward(
                    false, t.x, t.out, t.out, 1, t.columns, from, to),
            (t, from, to) ->
                ScalarAxisSoftmaxKernels.softmaxBackward(
                    false, t.x, t.out, t.out, 1, t.columns, from, to)));
  }
}
