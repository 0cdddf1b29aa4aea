package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;

/** Sums and means over all, the first and the last axes, and their gradients. */
final class ReductionOpCases {
  private ReductionOpCases() {}

  static void addTo(List<OpCase> cases) {
    addAll(cases, f32(5, 7, 9), Shape.of(5, 7, 9), Shape.of(), Shape.of(9), Shape.of(1, 7, 9));
    addAll(cases, f32(5, 7, 9), Shape.of(5, 7, 1), Shape.of(5, 1, 1), Shape.of(1, 1, 1));
    addAll(cases, f32(1), Shape.of(), Shape.of(1));
    addAll(cases, f32(300, 333), Shape.of(), Shape.of(333), Shape.of(300, 1));
    addAll(cases, f32(3, 10_007), Shape.of(10_007), Shape.of(3, 1));
    addAll(cases, f32(1, 10_007), Shape.of(), Shape.of(1, 1), Shape.of(1));
    addAll(cases, f32(1 << 20), Shape.of());
    for (Shape shape : List.of(Shape.of(), Shape.of(5), Shape.of(0, 1))) {
      cases.add(new OpCase(new ReductionOp.Sum(shape), f32(0, 5)));
    }
  }

  private static void addAll(List<OpCase> cases, TensorType x, Shape... shapes) {
    for (Shape shape : shapes) {
      cases.add(new OpCase(new ReductionOp.Mean(shape), x));
      cases.add(new OpCase(new ReductionOp.Sum(shape), x));
      cases.add(
          new OpCase(new ReductionOp.Expand(x.shape(), 0.3f), new TensorType(DType.F32, shape)));
    }
  }
}
