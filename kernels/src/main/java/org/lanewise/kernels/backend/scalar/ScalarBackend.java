package org.lanewise.kernels.backend.scalar;

import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.HostBackend;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.UpdateOp;

/** Runs ops with the scalar twins on the calling thread: the oracle for every other backend. */
public final class ScalarBackend extends HostBackend {
  /** A backend of its own. */
  public ScalarBackend() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public String description() {
    return "scalar twins, 1 thread";
  }

  @Override
  protected Step bind(Op op, Operands in, Operands out) {
    return switch (op) {
      case ProductOp product -> ProductSteps.bind(product, in, out);
      case ActivationOp activation -> ActivationSteps.bind(activation, in, out);
      case ConvolutionOp convolution -> ConvolutionSteps.bind(convolution, in, out);
      case PoolingOp pooling -> PoolingSteps.bind(pooling, in, out);
      case AttentionOp attention -> AttentionSteps.bind(attention, in, out);
      case ElementwiseOp elementwise -> ElementwiseSteps.bind(elementwise, in, out);
      case EmbeddingOp embedding -> EmbeddingSteps.bind(embedding, in, out);
      case DropoutOp dropout -> DropoutSteps.bind(dropout, in, out);
      case LayoutOp layout -> LayoutSteps.bind(layout, in, out);
      case ReductionOp reduction -> ReductionSteps.bind(reduction, in, out);
      case LossOp loss -> LossSteps.bind(loss, in, out);
      case NormOp norm -> NormSteps.bind(norm, in, out);
      case SoftmaxOp softmax -> SoftmaxSteps.bind(softmax, in, out);
      case UpdateOp update -> UpdateSteps.bind(update, in, out);
    };
  }
}
