package org.lanewise.kernels.simd;

import java.util.List;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;

/** The variants of softmax and their gradients for {@link KernelTable}. */
final class SoftmaxKernelTable {
  private SoftmaxKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    kernels.add(
        Kernel.of(
            "logSoftmax",
            Axis.ROWS,
            (k, t, from, to) -> k.softmax().logSoftmax(t.x, t.out, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "logSoftmax in place",
            Axis.ROWS,
            (k, t, from, to) -> k.softmax().logSoftmax(t.out, t.out, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "causal softmax",
            Axis.ROWS,
            (k, t, from, to) -> k.maskedSoftmax().causal(t.x, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "causal softmax in place, two rows a matrix",
            Axis.ROWS,
            (k, t, from, to) -> k.maskedSoftmax().causal(t.out, t.out, 2, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "masked softmax",
            Axis.ROWS,
            (k, t, from, to) ->
                k.maskedSoftmax().masked(t.x, t.mask, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "masked softmax in place, a mask a row",
            Axis.ROWS,
            (k, t, from, to) ->
                k.maskedSoftmax().masked(t.out, t.mask, t.out, 1, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "biased softmax",
            Axis.ROWS,
            (k, t, from, to) ->
                k.maskedSoftmax().biased(t.x, t.z, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "biased softmax in place, two rows a matrix",
            Axis.ROWS,
            (k, t, from, to) ->
                k.maskedSoftmax().biased(t.out, t.z, t.out, 2, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "softmax over the outer axis",
            Axis.COLUMNS,
            (k, t, from, to) -> k.axisSoftmax().softmax(t.x, t.out, t.rows, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "softmax over an axis of one, in place",
            Axis.ELEMENTS,
            (k, t, from, to) -> k.axisSoftmax().softmax(t.out, t.out, 1, t.columns, from, to)));
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          Kernel.of(
              "softmaxBackward accumulate=" + accumulate,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.softmaxGradients()
                      .softmaxBackward(accumulate, t.y, t.dy, t.out, t.columns, from, to)));
      kernels.add(
          Kernel.of(
              "logSoftmaxBackward accumulate=" + accumulate,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.softmaxGradients()
                      .logSoftmaxBackward(accumulate, t.x, t.z, t.out, t.columns, from, to)));
      kernels.add(
          Kernel.of(
              "softmaxBackward over the outer axis accumulate=" + accumulate,
              Axis.COLUMNS,
              (k, t, from, to) ->
                  k.axisSoftmax()
                      .softmaxBackward(accumulate, t.y, t.dy, t.out, t.rows, t.columns, from, to)));
    }
    kernels.add(
        Kernel.of(
            "softmaxBackward in place",
            Axis.ROWS,
            (k, t, from, to) ->
                k.softmaxGradients()
                    .softmaxBackward(false, t.x, t.out, t.out, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "logSoftmaxBackward in place",
            Axis.ROWS,
            (k, t, from, to) ->
                k.softmaxGradients()
                    .logSoftmaxBackward(false, t.x, t.out, t.out, t.columns, from, to)));
    kernels.add(
        Kernel.of(
            "softmaxBackward over an axis of one, in place",
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.axisSoftmax().softmaxBackward(false, t.x, t.out, t.out, 1, t.columns, from, to)));
  }
}
