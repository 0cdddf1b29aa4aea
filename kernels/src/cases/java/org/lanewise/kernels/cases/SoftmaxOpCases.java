package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.TensorType;

/** Softmax along all axes. */
final class SoftmaxOpCases {
  private SoftmaxOpCases() {}

  static void addTo(List<OpCase> cases) {
    for (long[] shape :
        new long[][] {{1}, {37}, {5, 33}, {3, 5, 7}, {2, 3, 1}, {300, 257}, {7, 19, 500}, {0, 3}}) {
      for (int axis = 0; axis < shape.length; axis++) {
        addSoftmax(cases, axis, f32(shape));
      }
      addSoftmax(cases, -1, f32(shape));
      addLogSoftmax(cases, -1, f32(shape));
    }
    addLogSoftmax(cases, 1, f32(2, 3, 1));
    for (long[] shape :
        new long[][] {{1, 1}, {5, 5}, {3, 7}, {7, 3}, {2, 3, 17, 17}, {9, 65, 99}}) {
      cases.add(new OpCase(new SoftmaxOp.CausalSoftmax(), f32(shape)));
    }
  }

  private static void addSoftmax(List<OpCase> cases, int axis, TensorType x) {
    cases.add(new OpCase(new SoftmaxOp.Softmax(axis), x));
    cases.add(new OpCase(new SoftmaxOp.SoftmaxBackward(axis), x, x));
  }

  private static void addLogSoftmax(List<OpCase> cases, int axis, TensorType x) {
    cases.add(new OpCase(new SoftmaxOp.LogSoftmax(axis), x));
    cases.add(new OpCase(new SoftmaxOp.LogSoftmaxBackward(axis), x, x));
  }
}
