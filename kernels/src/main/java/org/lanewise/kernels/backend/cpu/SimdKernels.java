package org.lanewise.kernels.backend.cpu;

import org.lanewise.kernels.host.HostKernels;
import org.lanewise.kernels.simd.activation.SimdActivationKernels;
import org.lanewise.kernels.simd.attention.SimdAttentionKernels;
import org.lanewise.kernels.simd.conversion.SimdConversionKernels;
import org.lanewise.kernels.simd.convolution.SimdConvolutionKernels;
import org.lanewise.kernels.simd.convolution.SimdDepthwiseKernels;
import org.lanewise.kernels.simd.convolution.SimdPoolingKernels;
import org.lanewise.kernels.simd.elementwise.SimdBlasKernels;
import org.lanewise.kernels.simd.elementwise.SimdElementwiseKernels;
import org.lanewise.kernels.simd.gemm.f32.SimdProductKernels;
import org.lanewise.kernels.simd.layout.SimdEmbeddingKernels;
import org.lanewise.kernels.simd.layout.SimdLayoutKernels;
import org.lanewise.kernels.simd.layout.SimdPermutationKernels;
import org.lanewise.kernels.simd.loss.SimdCrossEntropyKernels;
import org.lanewise.kernels.simd.loss.SimdElementLossKernels;
import org.lanewise.kernels.simd.loss.SimdLossKernels;
import org.lanewise.kernels.simd.norm.SimdBatchNormKernels;
import org.lanewise.kernels.simd.norm.SimdRowNormKernels;
import org.lanewise.kernels.simd.optimizer.SimdOptimizerKernels;
import org.lanewise.kernels.simd.random.SimdDropoutKernels;
import org.lanewise.kernels.simd.recurrent.SimdGruKernels;
import org.lanewise.kernels.simd.recurrent.SimdLstmKernels;
import org.lanewise.kernels.simd.reduction.SimdReductionKernels;
import org.lanewise.kernels.simd.reduction.SimdRowExtremumKernels;
import org.lanewise.kernels.simd.softmax.SimdAxisSoftmaxKernels;
import org.lanewise.kernels.simd.softmax.SimdMaskedSoftmaxKernels;
import org.lanewise.kernels.simd.softmax.SimdSoftmaxGradientKernels;
import org.lanewise.kernels.simd.softmax.SimdSoftmaxKernels;

/** The SIMD kernels. */
public final class SimdKernels {
  /** All of them. */
  public static final HostKernels ALL =
      new HostKernels(
          SimdActivationKernels.INSTANCE,
          SimdAttentionKernels.INSTANCE,
          SimdAxisSoftmaxKernels.INSTANCE,
          SimdBatchNormKernels.INSTANCE,
          SimdBlasKernels.INSTANCE,
          SimdConversionKernels.INSTANCE,
          SimdConvolutionKernels.INSTANCE,
          SimdCrossEntropyKernels.INSTANCE,
          SimdDepthwiseKernels.INSTANCE,
          SimdDropoutKernels.INSTANCE,
          SimdElementwiseKernels.INSTANCE,
          SimdElementLossKernels.INSTANCE,
          SimdEmbeddingKernels.INSTANCE,
          SimdGruKernels.INSTANCE,
          SimdLayoutKernels.INSTANCE,
          SimdLossKernels.INSTANCE,
          SimdLstmKernels.INSTANCE,
          SimdMaskedSoftmaxKernels.INSTANCE,
          SimdOptimizerKernels.INSTANCE,
          SimdPermutationKernels.INSTANCE,
          SimdPoolingKernels.INSTANCE,
          SimdProductKernels.INSTANCE,
          SimdReductionKernels.INSTANCE,
          SimdRowExtremumKernels.INSTANCE,
          SimdRowNormKernels.INSTANCE,
          SimdSoftmaxKernels.INSTANCE,
          SimdSoftmaxGradientKernels.INSTANCE);

  private SimdKernels() {}
}
