package org.lanewise.nn;

import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;

/** What training makes small: the mean over a batch. */
public enum Loss {
  /** {@code −log softmax(output)[label]}, for outputs [batch, classes] and i32 labels [batch]. */
  CROSS_ENTROPY,
  /** Mean of {@code (output − target)²} over all elements; targets have the output's shape. */
  MEAN_SQUARED_ERROR;

  Op.Forward op() {
    return switch (this) {
      case CROSS_ENTROPY -> new LossOp.SoftmaxCrossEntropy();
      case MEAN_SQUARED_ERROR -> new LossOp.MeanSquaredError();
    };
  }

  TensorType targetType(TensorType output) {
    return switch (this) {
      case CROSS_ENTROPY -> new TensorType(DType.I32, Shape.of(output.shape().dimension(0)));
      case MEAN_SQUARED_ERROR -> output;
    };
  }
}
