package org.lanewise.kernels.simd;

import java.util.List;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;

/** The more general losses and their gradients for {@link KernelTable}. */
final class LossKernelTable {
  private LossKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    for (float smoothing : new float[] {0f, 0.1f}) {
      kernels.add(
          Kernel.of(
              "crossEntropy smoothing=" + smoothing,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.crossEntropy()
                      .rows(t.x, t.labels, 0, smoothing, t.out, t.state1, t.columns, from, to)));
      kernels.add(
          Kernel.of(
              "crossEntropyBackward smoothing=" + smoothing,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.crossEntropy()
                      .backward(
                          t.x,
                          t.labels,
                          0,
                          smoothing,
                          0.3f,
                          t.normalizers,
                          t.out,
                          t.columns,
                          from,
                          to)));
    }
    kernels.add(
        Kernel.of(
            "crossEntropyBackward with smoothing in place",
            Axis.ROWS,
            (k, t, from, to) ->
                k.crossEntropy()
                    .backward(
                        t.out,
                        t.labels,
                        -100,
                        0.2f,
                        0.3f,
                        t.normalizers,
                        t.out,
                        t.columns,
                        from,
                        to)));
    kernels.add(
        Kernel.of(
            "binaryCrossEntropy",
            Axis.WHOLE,
            (k, t, from, to) ->
                k.elementLosses().binaryCrossEntropy(t.x, t.z, t.size, t.size, t.out)));
    kernels.add(
        Kernel.of(
            "binaryCrossEntropyBackward",
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.elementLosses().binaryCrossEntropyBackward(t.x, t.z, 0.3f, t.out, from, to)));
    kernels.add(
        Kernel.of(
            "huber",
            Axis.WHOLE,
            (k, t, from, to) -> k.elementLosses().huber(t.x, t.z, 1.5f, t.size, 1, t.out)));
    kernels.add(
        Kernel.of(
            "huberBackward",
            Axis.ELEMENTS,
            (k, t, from, to) ->
                k.elementLosses().huberBackward(t.x, t.z, 1.5f, 0.3f, t.out, from, to)));
    kernels.add(
        Kernel.of(
            "squaredError",
            Axis.WHOLE,
            (k, t, from, to) -> k.losses().squaredError(t.x, t.z, t.size, 1, t.out)));
  }
}
