package org.lanewise.kernels.op;

import java.util.List;

/**
 * The op vocabulary: what a plan consists of and every backend implements.
 *
 * <p>An op is a value without operands that says which operands it takes and what it costs. All
 * operands are dense, row-major f32 tensors unless said otherwise. Whoever binds an op says of each
 * output whether it is overwritten or, where the op allows it, added to, see {@link Write}; only
 * optimizers advance theirs to their next state. An output shares memory with no other operand,
 * except that one that is overwritten may be an input where the op says so. {@link #effects} says
 * it all as data.
 */
public sealed interface Op
    permits ActivationOp,
        AttentionOp,
        ClipOp,
        ConversionOp,
        ConvolutionOp,
        PoolingOp,
        DropoutOp,
        ElementwiseOp,
        EmbeddingOp,
        LayoutOp,
        LossOp,
        NormOp,
        ProductOp,
        RecurrentOp,
        ReductionOp,
        SoftmaxOp,
        UpdateOp,
        Op.Forward,
        Op.Backward {
  /** An op of the model itself; it has a gradient rule. */
  sealed interface Forward extends Op
      permits ProductOp.Gemm,
          ActivationOp.Activate,
          AttentionOp.Attention,
          ConversionOp.Convert,
          ConvolutionOp.Convolution,
          PoolingOp.MaxPooling,
          PoolingOp.AveragePooling,
          ElementwiseOp.Binary,
          ElementwiseOp.Where,
          ElementwiseOp.Scale,
          RecurrentOp.Lstm,
          RecurrentOp.Gru,
          ReductionOp.Sum,
          ReductionOp.Mean,
          EmbeddingOp.Embedding,
          DropoutOp.Dropout,
          LayoutOp.Permute,
          LayoutOp.Concat,
          LayoutOp.Slice,
          LayoutOp.Pad,
          LayoutOp.Reshape,
          LossOp.SoftmaxCrossEntropy,
          LossOp.MeanSquaredError,
          LossOp.BinaryCrossEntropy,
          LossOp.Huber,
          NormOp.LayerNorm,
          NormOp.RmsNorm,
          NormOp.BatchNorm,
          SoftmaxOp.Softmax,
          SoftmaxOp.CausalSoftmax,
          SoftmaxOp.LogSoftmax {}

  /** An op that exists to propagate gradients. */
  sealed interface Backward extends Op
      permits ActivationOp.ActivateBackward,
          AttentionOp.AttentionBackward,
          ConvolutionOp.ConvolutionInputGradient,
          ConvolutionOp.ConvolutionWeightGradient,
          ConvolutionOp.ConvolutionBiasGradient,
          PoolingOp.MaxPoolingBackward,
          PoolingOp.AveragePoolingBackward,
          ElementwiseOp.BinaryBackwardX,
          ElementwiseOp.BinaryBackwardY,
          RecurrentOp.LstmBackward,
          RecurrentOp.GruBackward,
          ReductionOp.ColumnSums,
          ReductionOp.Expand,
          EmbeddingOp.EmbeddingBackward,
          LossOp.SoftmaxCrossEntropyBackward,
          LossOp.MeanSquaredErrorBackward,
          LossOp.BinaryCrossEntropyBackward,
          LossOp.HuberBackward,
          NormOp.LayerNormBackward,
          NormOp.LayerNormParameterGradients,
          NormOp.RmsNormBackward,
          NormOp.RmsNormParameterGradients,
          NormOp.BatchNormBackward,
          SoftmaxOp.SoftmaxBackward,
          SoftmaxOp.LogSoftmaxBackward {}

  /**
   * The types of the outputs.
   *
   * @throws ShapeException if the op does not take such inputs
   */
  List<TensorType> outputs(Inputs in);

  /**
   * Floating-point operations on inputs that the op takes; a fused multiply-add counts as two, a
   * transcendental function as one.
   */
  long flops(Inputs in);

  /**
   * How many of the outputs, from the first on, are results, which have gradients. Others are there
   * for the backward ops.
   */
  default int results() {
    return 1;
  }

  /** What the op does with the memory of its operands. */
  Effects effects();

  /** The name as messages show it. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** The name with what tells ops of that name apart where they are listed. */
  default String label() {
    return name();
  }
}
