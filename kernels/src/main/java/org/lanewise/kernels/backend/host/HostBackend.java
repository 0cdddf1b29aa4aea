package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.OperandRule;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.host.HostKernels;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.op.ConversionOp;
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
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.op.Write;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.WorkerPool;

/** A backend on the host's own memory and processors. */
public abstract class HostBackend implements Backend {
  private final HostKernels kernels;
  private final WorkerPool pool;
  private final Set<HostBuffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean closed;

  /** A backend that runs kernels of one kind on the threads of a pool, which it closes. */
  protected HostBackend(HostKernels kernels, WorkerPool pool) {
    this.kernels = kernels;
    this.pool = pool;
  }

  @Override
  public final Buffer allocate(long byteSize) {
    return opened(HostBuffer.allocate(byteSize, buffers));
  }

  @Override
  public final Optional<Buffer> share(MemorySegment memory) {
    return Optional.of(opened(HostBuffer.of(memory, buffers)));
  }

  private Buffer opened(HostBuffer buffer) {
    if (closed) {
      buffer.close();
      throw new IllegalStateException("the backend '" + name() + "' is closed");
    }
    buffers.add(buffer);
    return buffer;
  }

  @Override
  public final Step bind(Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
    OperandRule.check(op, inputs, outputs, writes);
    Operands in = new Operands(inputs, segments(inputs), List.of());
    Operands out = new Operands(outputs, segments(outputs), writes);
    if (Operand.areEmpty(outputs)) {
      return () -> {};
    }
    PoolRunnable prepared = bind(op, in, out);
    return () -> prepared.run(pool);
  }

  @Override
  public final void watchParts(WorkerPool.Watcher watcher) {
    pool.watch(watcher);
  }

  private PoolRunnable bind(Op op, Operands in, Operands out) {
    return switch (op) {
      case ProductOp product -> new ProductSteps(kernels.products()).bind(product, in, out);
      case ActivationOp activation ->
          new ActivationSteps(kernels.activations()).bind(activation, in, out);
      case ClipOp clip -> new ClipSteps(kernels.optimizers(), kernels.blas()).bind(clip, in, out);
      case ConversionOp conversion ->
          new ConversionSteps(kernels.conversions()).bind(conversion, in, out);
      case ConvolutionOp convolution ->
          new ConvolutionSteps(kernels.convolutions(), kernels.depthwise(), kernels.products())
              .bind(convolution, in, out);
      case PoolingOp pooling -> new PoolingSteps(kernels.pooling()).bind(pooling, in, out);
      case AttentionOp attention ->
          new AttentionSteps(kernels.attention()).bind(attention, in, out);
      case ElementwiseOp elementwise ->
          new ElementwiseSteps(kernels.elementwise(), kernels.blas()).bind(elementwise, in, out);
      case RecurrentOp recurrent ->
          new RecurrentSteps(kernels.lstm(), kernels.gru()).bind(recurrent, in, out);
      case ReductionOp reduction ->
          new ReductionSteps(kernels.reductions(), kernels.elementwise(), kernels.blas())
              .bind(reduction, in, out);
      case EmbeddingOp embedding ->
          new EmbeddingSteps(kernels.embeddings(), kernels.layouts()).bind(embedding, in, out);
      case DropoutOp dropout -> new DropoutSteps(kernels.dropout()).bind(dropout, in, out);
      case LayoutOp layout ->
          new LayoutSteps(kernels.layouts(), kernels.permutations()).bind(layout, in, out);
      case LossOp loss ->
          new LossSteps(kernels.losses(), kernels.elementLosses(), kernels.crossEntropy())
              .bind(loss, in, out);
      case NormOp norm ->
          new NormSteps(kernels.rowNorms(), kernels.batchNorms()).bind(norm, in, out);
      case SoftmaxOp softmax ->
          new SoftmaxSteps(
                  kernels.softmax(),
                  kernels.softmaxGradients(),
                  kernels.axisSoftmax(),
                  kernels.maskedSoftmax())
              .bind(softmax, in, out);
      case UpdateOp update -> new UpdateSteps(kernels.optimizers()).bind(update, in, out);
      case Op.Custom custom -> new CustomSteps().bind(custom, in, out);
    };
  }

  private List<MemorySegment> segments(List<Operand> operands) {
    return operands.stream().map(this::segment).toList();
  }

  private MemorySegment segment(Operand operand) {
    if (operand.buffer() instanceof HostBuffer buffer && buffers.contains(buffer)) {
      return buffer.slice(operand);
    }
    throw new IllegalArgumentException(
        "operand " + operand.type() + " is not in a buffer of the backend '" + name() + "'");
  }

  @Override
  public final void close() {
    closed = true;
    List.copyOf(buffers).forEach(HostBuffer::close);
    pool.close();
  }
}
