package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.host.HostKernels;
import org.lanewise.kernels.scalar.ScalarActivationKernels;
import org.lanewise.kernels.scalar.ScalarAttentionKernels;
import org.lanewise.kernels.scalar.ScalarAxisSoftmaxKernels;
import org.lanewise.kernels.scalar.ScalarBatchNormKernels;
import org.lanewise.kernels.scalar.ScalarBlasKernels;
import org.lanewise.kernels.scalar.ScalarConversionKernels;
import org.lanewise.kernels.scalar.ScalarConvolutionKernels;
import org.lanewise.kernels.scalar.ScalarCrossEntropyKernels;
import org.lanewise.kernels.scalar.ScalarDepthwiseKernels;
import org.lanewise.kernels.scalar.ScalarDropoutKernels;
import org.lanewise.kernels.scalar.ScalarElementLossKernels;
import org.lanewise.kernels.scalar.ScalarElementwiseKernels;
import org.lanewise.kernels.scalar.ScalarEmbeddingKernels;
import org.lanewise.kernels.scalar.ScalarGruKernels;
import org.lanewise.kernels.scalar.ScalarLayoutKernels;
import org.lanewise.kernels.scalar.ScalarLossKernels;
import org.lanewise.kernels.scalar.ScalarLstmKernels;
import org.lanewise.kernels.scalar.ScalarMaskedSoftmaxKernels;
import org.lanewise.kernels.scalar.ScalarOptimizerKernels;
import org.lanewise.kernels.scalar.ScalarPermutationKernels;
import org.lanewise.kernels.scalar.ScalarPoolingKernels;
import org.lanewise.kernels.scalar.ScalarProductKernels;
import org.lanewise.kernels.scalar.ScalarReductionKernels;
import org.lanewise.kernels.scalar.ScalarRowExtremumKernels;
import org.lanewise.kernels.scalar.ScalarRowNormKernels;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;

/** The scalar twins. */
public final class ScalarKernels {
  /** All of them. */
  public static final HostKernels ALL =
      new HostKernels(
          ScalarActivationKernels.INSTANCE,
          ScalarAttentionKernels.INSTANCE,
          ScalarAxisSoftmaxKernels.INSTANCE,
          ScalarBatchNormKernels.INSTANCE,
          ScalarBlasKernels.INSTANCE,
          ScalarConversionKernels.INSTANCE,
          ScalarConvolutionKernels.INSTANCE,
          ScalarCrossEntropyKernels.INSTANCE,
          ScalarDepthwiseKernels.INSTANCE,
          ScalarDropoutKernels.INSTANCE,
          ScalarElementwiseKernels.INSTANCE,
          ScalarElementLossKernels.INSTANCE,
          ScalarEmbeddingKernels.INSTANCE,
          ScalarGruKernels.INSTANCE,
          ScalarLayoutKernels.INSTANCE,
          ScalarLossKernels.INSTANCE,
          ScalarLstmKernels.INSTANCE,
          ScalarMaskedSoftmaxKernels.INSTANCE,
          ScalarOptimizerKernels.INSTANCE,
          ScalarPermutationKernels.INSTANCE,
          ScalarPoolingKernels.INSTANCE,
          ScalarProductKernels.INSTANCE,
          ScalarReductionKernels.INSTANCE,
          ScalarRowExtremumKernels.INSTANCE,
          ScalarRowNormKernels.INSTANCE,
          ScalarSoftmaxKernels.INSTANCE,
          ScalarSoftmaxKernels.INSTANCE);

  private ScalarKernels() {}
}
