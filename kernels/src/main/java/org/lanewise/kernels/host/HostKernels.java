package org.lanewise.kernels.host;

/** All kernels of one kind: those that a backend on the host's processors runs. */
public record HostKernels(
    ActivationKernels activations,
    AttentionKernels attention,
    AxisSoftmaxKernels axisSoftmax,
    BatchNormKernels batchNorms,
    BlasKernels blas,
    ConvolutionKernels convolutions,
    CrossEntropyKernels crossEntropy,
    DepthwiseKernels depthwise,
    DropoutKernels dropout,
    ElementwiseKernels elementwise,
    ElementLossKernels elementLosses,
    EmbeddingKernels embeddings,
    LayoutKernels layouts,
    LossKernels losses,
    MaskedSoftmaxKernels maskedSoftmax,
    OptimizerKernels optimizers,
    PermutationKernels permutations,
    PoolingKernels pooling,
    ProductKernels products,
    ReductionKernels reductions,
    RowExtremumKernels rowExtrema,
    RowNormKernels rowNorms,
    SoftmaxKernels softmax,
    SoftmaxGradientKernels softmaxGradients) {}
