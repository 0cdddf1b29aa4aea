package org.lanewise.kernels.backend.cpu;

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
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.VectorBits;

/**
 * Runs ops with the SIMD kernels on a worker pool of its own. Results have the same bits for any
 * number of threads.
 */
public final class CpuBackend extends HostBackend {
  private final WorkerPool pool;

  /**
   * A backend with its own threads.
   *
   * @param threads 1 to 1024
   * @throws IllegalStateException if the system property {@code lanewise.vector.bits} is neither
   *     128 nor 256 nor 512
   */
  public CpuBackend(int threads) {
    VectorBits.requireValid();
    pool = new WorkerPool(threads);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    return "%d-bit vectors, %d thread%s"
        .formatted(Lanes.F32.vectorBitSize(), pool.threads(), pool.threads() == 1 ? "" : "s");
  }

  @Override
  protected Step bind(Op op, Operands in, Operands out) {
    return switch (op) {
      case ProductOp product -> ProductSteps.bind(product, in, out, pool);
      case ActivationOp activation -> step(ActivationSteps.bind(activation, in, out));
      case ConvolutionOp convolution -> ConvolutionSteps.bind(convolution, in, out, pool);
      case PoolingOp pooling -> step(PoolingSteps.bind(pooling, in, out));
      case AttentionOp attention -> step(AttentionSteps.bind(attention, in, out));
      case ElementwiseOp elementwise -> step(ElementwiseSteps.bind(elementwise, in, out));
      case ReductionOp reduction -> ReductionSteps.bind(reduction, in, out, pool);
      case EmbeddingOp embedding -> EmbeddingSteps.bind(embedding, in, out, pool);
      case DropoutOp dropout -> step(DropoutSteps.bind(dropout, in, out));
      case LayoutOp layout -> LayoutSteps.bind(layout, in, out, pool);
      case LossOp loss -> LossSteps.bind(loss, in, out, pool);
      case NormOp norm -> NormSteps.bind(norm, in, out, pool);
      case SoftmaxOp softmax -> step(SoftmaxSteps.bind(softmax, in, out));
      case UpdateOp update -> step(UpdateSteps.bind(update, in, out));
    };
  }

  private Step step(RangeTask task) {
    return () -> task.run(pool);
  }

  @Override
  public void close() {
    super.close();
    pool.close();
  }
}
