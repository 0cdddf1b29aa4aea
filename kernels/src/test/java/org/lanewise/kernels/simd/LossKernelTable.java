package org.lanewise.kernels.simd;

import java.util.List;
import org.lanewise.kernels.scalar.ScalarCrossEntropyKernels;
import org.lanewise.kernels.scalar.ScalarElementLossKernels;
import org.lanewise.kernels.scalar.ScalarLossKernels;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.loss.CrossEntropyKernels;
import org.lanewise.kernels.simd.loss.ElementLossKernels;
import org.lanewise.kernels.simd.loss.LossKernels;

/** The more general losses and their gradients for {@link KernelTable}. */
final class LossKernelTable {
  private LossKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    for (float smoothing : new float[] {0f, 0.1f}) {
      kernels.add(
          new Kernel(
              "crossEntropy smoothing=" + smoothing,
              Axis.ROWS,
              (t, from, to) ->
                  CrossEntropyKernels.rows(
                      t.x, t.labels, 0, smoothing, t.out, t.state1, t.columns, from, to),
              (t, from, to) ->
                  ScalarCrossEntropyKernels.rows(
                      t.x, t.labels, 0, smoothing, t.out, t.state1, t.columns, from, to)));
      kernels.add(
          new Kernel(
              "crossEntropyBackward smoothing=" + smoothing,
              Axis.ROWS,
              (t, from, to) ->
                  CrossEntropyKernels.backward(
                      t.x, t.labels, 0, smoothing, 0.3f, t.normalizers, t.out, t.columns, from, to),
              (t, from, to) ->
                  ScalarCrossEntropyKernels.backward(
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
        new Kernel(
            "crossEntropyBackward with smoothing in place",
            Axis.ROWS,
            (t, from, to) ->
                CrossEntropyKernels.backward(
                    t.out, t.labels, -100, 0.2f, 0.3f, t.normalizers, t.out, t.columns, from, to),
            (t, from, to) ->
                ScalarCrossEntropyKernels.backward(
                    t.out, t.labels, -100, 0.2f, 0.3f, t.normalizers, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "binaryCrossEntropy",
            Axis.WHOLE,
            (t, from, to) -> ElementLossKernels.binaryCrossEntropy(t.x, t.z, t.size, t.size, t.out),
            (t, from, to) ->
                ScalarElementLossKernels.binaryCrossEntropy(t.x, t.z, t.size, t.size, t.out)));
    kernels.add(
        new Kernel(
            "binaryCrossEntropyBackward",
            Axis.ELEMENTS,
            (t, from, to) ->
                ElementLossKernels.binaryCrossEntropyBackward(t.x, t.z, 0.3f, t.out, from, to),
            (t, from, to) ->
                ScalarElementLossKernels.binaryCrossEntropyBackward(
                    t.x, t.z, 0.3f, t.out, from, to)));
    kernels.add(
        new Kernel(
            "huber",
            Axis.WHOLE,
            (t, from, to) -> ElementLossKernels.huber(t.x, t.z, 1.5f, t.size, 1, t.out),
            (t, from, to) -> ScalarElementLossKernels.huber(t.x, t.z, 1.5f, t.size, 1, t.out)));
    kernels.add(
        new Kernel(
            "huberBackward",
            Axis.ELEMENTS,
            (t, from, to) ->
                ElementLossKernels.huberBackward(t.x, t.z, 1.5f, 0.3f, t.out, from, to),
            (t, from, to) ->
                ScalarElementLossKernels.huberBackward(t.x, t.z, 1.5f, 0.3f, t.out, from, to)));
    kernels.add(
        new Kernel(
            "squaredError",
            Axis.WHOLE,
            (t, from, to) -> LossKernels.squaredError(t.x, t.z, t.size, 1, t.out),
            (t, from, to) -> ScalarLossKernels.squaredError(t.x, t.z, t.size, 1, t.out)));
  }
}
