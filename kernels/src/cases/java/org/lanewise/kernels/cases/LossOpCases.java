package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.List;
import java.util.OptionalInt;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.op.TensorType;

/** Losses. */
final class LossOpCases {
  private LossOpCases() {}

  static void addTo(List<OpCase> cases) {
    for (long[] size : new long[][] {{1, 1}, {3, 10}, {128, 10}, {17, 33}, {300, 1000}}) {
      TensorType matrix = f32(size);
      cases.add(new OpCase(new LossOp.MeanSquaredError(), matrix, matrix));
      cases.add(new OpCase(new LossOp.MeanSquaredErrorBackward(), matrix, matrix));
      for (OptionalInt ignored :
          new OptionalInt[] {OptionalInt.empty(), OptionalInt.of(0), OptionalInt.of(-100)}) {
        for (float smoothing : new float[] {0f, 0.1f}) {
          for (Reduction reduction : Reduction.values()) {
            addCrossEntropy(cases, reduction, ignored, smoothing, size[0], size[1]);
          }
          cases.add(
              new OpCase(
                  new LossOp.SoftmaxCrossEntropyOfRows(ignored, smoothing),
                  (int) size[1],
                  List.of(matrix, i32(size[0]))));
        }
      }
      for (Reduction reduction : Reduction.values()) {
        cases.add(new OpCase(new LossOp.BinaryCrossEntropy(reduction), matrix, matrix));
        cases.add(new OpCase(new LossOp.BinaryCrossEntropyBackward(reduction), matrix, matrix));
        cases.add(new OpCase(new LossOp.Huber(1.5f, reduction), matrix, matrix));
        cases.add(new OpCase(new LossOp.HuberBackward(1.5f, reduction), matrix, matrix));
      }
    }
  }

  private static void addCrossEntropy(
      List<OpCase> cases,
      Reduction reduction,
      OptionalInt ignored,
      float smoothing,
      long rows,
      long columns) {
    TensorType logits = f32(rows, columns);
    TensorType labels = i32(rows);
    cases.add(
        new OpCase(
            new LossOp.SoftmaxCrossEntropy(reduction, ignored, smoothing),
            (int) columns,
            List.of(logits, labels)));
    cases.add(
        new OpCase(
            new LossOp.SoftmaxCrossEntropyBackward(reduction, ignored, smoothing),
            (int) columns,
            List.of(logits, labels, f32(rows, 2))));
  }
}
