package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.TensorType;

/** Functions of two tensors, with every way to repeat the second one. */
final class ElementwiseOpCases {
  private ElementwiseOpCases() {}

  static void addTo(List<OpCase> cases) {
    for (BinaryFunction f : BinaryFunction.values()) {
      addAll(
          cases, f, f32(5, 7, 9), f32(5, 7, 9), f32(), f32(1, 1), f32(9), f32(7, 9), f32(5, 1, 1));
    }
    addAll(cases, BinaryFunction.ADD, f32(0, 5), f32(0, 5), f32(1), f32(5), f32(0, 1));
    BinaryFunction large = BinaryFunction.DIVIDE;
    addAll(cases, large, f32(300, 333), f32(300, 333), f32(), f32(333), f32(300, 1));
    addAll(cases, large, f32(1001, 17), f32(17), f32(1001, 1));
    TensorType[] shapes = {f32(5, 7, 9), f32(), f32(9), f32(7, 9), f32(5, 1, 1)};
    for (TensorType small : shapes) {
      cases.add(new OpCase(new ElementwiseOp.Where(), small, shapes[0], shapes[2]));
      cases.add(new OpCase(new ElementwiseOp.Where(), shapes[0], small, shapes[1]));
      cases.add(new OpCase(new ElementwiseOp.Where(), shapes[3], small, shapes[0]));
    }
    cases.add(new OpCase(new ElementwiseOp.Where(), f32(300, 1), f32(300, 333), f32(333)));
    cases.add(new OpCase(new ElementwiseOp.Where(), f32(1001, 17), f32(17), f32(1001, 17)));
    cases.add(new OpCase(new ElementwiseOp.Where(), f32(0, 5), f32(5), f32()));
    for (long size : new long[] {0, 1, 17, 100_003}) {
      cases.add(new OpCase(new ElementwiseOp.Scale(-0.3f), f32(size)));
    }
  }

  private static void addAll(
      List<OpCase> cases, BinaryFunction f, TensorType x, TensorType... others) {
    for (TensorType y : others) {
      cases.add(new OpCase(new ElementwiseOp.Binary(f), x, y));
      if (!f.isComparison()) {
        cases.add(new OpCase(new ElementwiseOp.BinaryBackwardX(f), x, y, x));
        cases.add(new OpCase(new ElementwiseOp.BinaryBackwardY(f), x, y, x));
      }
    }
  }
}
