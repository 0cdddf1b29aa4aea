package org.lanewise.kernels.op;

import java.util.List;

/** Losses, which are scalars, and their gradients. */
public sealed interface LossOp extends Op {
  /**
   * Mean over the rows of {@code −log softmax(logits)[label]}.
   *
   * <p>Inputs: logits [m, n], labels i32 [m] in 0..n−1. Outputs: the loss, a scalar, and each row's
   * log-sum-exp [m], which the backward op needs.
   */
  record SoftmaxCrossEntropy() implements LossOp, Op.Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      long rows = rowsWithLabels(in.count(2));
      return List.of(TensorType.f32(), TensorType.f32(rows));
    }

    @Override
    public long flops(Inputs in) {
      return 4 * in.size(0);
    }
  }

  /**
   * {@code (softmax(logits) − onehot(label)) / m}. Inputs: logits [m, n], labels i32 [m],
   * log-sum-exp [m]. Output: dlogits [m, n], which may be logits.
   */
  record SoftmaxCrossEntropyBackward() implements LossOp, Op.Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      long rows = rowsWithLabels(in.count(3));
      in.type(2, "log-sum-exp", TensorType.f32(rows));
      return List.of(in.f32(0, "logits"));
    }

    @Override
    public long flops(Inputs in) {
      return 3 * in.size(0);
    }
  }

  /** Mean of {@code (prediction − target)²}. Inputs: prediction, target. Output: a scalar. */
  record MeanSquaredError() implements LossOp, Op.Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      prediction(in);
      return List.of(TensorType.f32());
    }

    @Override
    public long flops(Inputs in) {
      return 3 * in.size(0);
    }
  }

  /** {@code 2 (prediction − target) / size}. Inputs: prediction, target. Output: dprediction. */
  record MeanSquaredErrorBackward() implements LossOp, Op.Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      return List.of(prediction(in));
    }

    @Override
    public long flops(Inputs in) {
      return 2 * in.size(0);
    }
  }

  private static long rowsWithLabels(Inputs in) {
    Shape logits = in.matrix(0, "logits");
    in.nonEmpty(0, "logits").type(1, "labels", TensorType.i32(logits.dimension(0)));
    return logits.dimension(0);
  }

  private static TensorType prediction(Inputs in) {
    in.count(2).equal(0, "prediction", 1, "target").nonEmpty(0, "prediction");
    return in.f32(0, "prediction");
  }
}
