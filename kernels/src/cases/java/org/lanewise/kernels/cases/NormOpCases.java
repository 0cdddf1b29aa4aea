package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.Arrays;
import java.util.List;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.TensorType;

/** Normalization. */
final class NormOpCases {
  private static final boolean[] BOTH = {false, true};

  private NormOpCases() {}

  static void addTo(List<OpCase> cases) {
    for (long[] shape : new long[][] {{1}, {37}, {5, 1}, {2, 3, 33}, {300, 257}, {0, 7}}) {
      addRowNorms(cases, shape);
    }
    for (long[] shape :
        new long[][] {{2, 1}, {9, 21}, {301, 150}, {2, 3, 5}, {3, 4, 5, 7}, {5, 129, 33, 3}}) {
      addBatchNorms(cases, shape);
    }
    addBatchNorm(cases, false, 1, 5); // one element of each channel has no variance
    for (int spatial : new int[] {1, 7, 15, 16, 17, 33}) {
      addGroupNorms(cases, 1, 2, 5, spatial);
      addGroupNorms(cases, 3, 3, 6, spatial);
      addGroupNorms(cases, 7, 5, 7, spatial);
    }
    addGroupNorms(cases, 4, 3, 8, 9, 11);
    addGroupNorms(cases, 2, 3, 64);
    addGroupNorms(cases, 2, 0, 4, 5);
  }

  private static void addGroupNorms(List<OpCase> cases, int groups, long... shape) {
    TensorType x = f32(shape);
    TensorType channels = f32(shape[1]);
    TensorType rows = f32(shape[0], groups);
    cases.add(new OpCase(new NormOp.GroupNorm(groups, 1e-5f), x, channels, channels));
    cases.add(new OpCase(new NormOp.GroupNormBackward(groups), x, channels, rows, rows, x));
    cases.add(new OpCase(new NormOp.GroupNormParameterGradients(groups), x, rows, rows, x));
  }

  private static void addRowNorms(List<OpCase> cases, long... shape) {
    TensorType x = f32(shape);
    TensorType columns = f32(shape[shape.length - 1]);
    TensorType rows = f32(Arrays.copyOf(shape, shape.length - 1));
    cases.add(new OpCase(new NormOp.LayerNorm(1e-5f), x, columns, columns));
    cases.add(new OpCase(new NormOp.RmsNorm(1e-5f), x, columns));
    cases.add(new OpCase(new NormOp.LayerNormBackward(), x, columns, rows, rows, x));
    cases.add(new OpCase(new NormOp.RmsNormBackward(), x, columns, rows, x));
    cases.add(new OpCase(new NormOp.RmsNormParameterGradients(), x, rows, x));
    cases.add(new OpCase(new NormOp.LayerNormParameterGradients(), x, rows, rows, x));
  }

  private static void addBatchNorms(List<OpCase> cases, long... shape) {
    TensorType x = f32(shape);
    TensorType channels = f32(shape[1]);
    for (boolean training : BOTH) {
      addBatchNorm(cases, training, shape);
      NormOp op = new NormOp.BatchNormBackward(training);
      cases.add(new OpCase(op, x, channels, channels, channels, x));
    }
  }

  /** With an epsilon for which operands from −3 are good as variances. */
  private static void addBatchNorm(List<OpCase> cases, boolean training, long... shape) {
    TensorType channels = f32(shape[1]);
    cases.add(
        new OpCase(
            new NormOp.BatchNorm(3.5f, 0.1f, training),
            f32(shape),
            channels,
            channels,
            channels,
            channels));
  }
}
