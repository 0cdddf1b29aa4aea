package org.lanewise.kernels.op;

import java.util.List;
import java.util.Optional;

/**
 * The op vocabulary: what a plan consists of and every backend implements. Others are {@link
 * Custom} ones.
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
      permits ActivationOp.Forward,
          AttentionOp.Forward,
          ConversionOp.Forward,
          ConvolutionOp.Forward,
          DropoutOp.Forward,
          ElementwiseOp.Forward,
          EmbeddingOp.Forward,
          LayoutOp.Forward,
          LossOp.Forward,
          NormOp.Forward,
          PoolingOp.Forward,
          ProductOp.Forward,
          RecurrentOp.Forward,
          ReductionOp.Forward,
          SoftmaxOp.Forward,
          WithEpilogue,
          Custom {}

  /** An op of sums of products, which does more to each of them once it is complete. */
  sealed interface WithEpilogue extends Forward permits ProductOp.Gemm, ConvolutionOp.Convolution {
    /** What is done to each sum. */
    Epilogue epilogue();

    /**
     * This op with another epilogue.
     *
     * @throws IllegalArgumentException if the op does not have such epilogues
     */
    WithEpilogue withEpilogue(Epilogue epilogue);
  }

  /** An op that exists to propagate gradients. */
  sealed interface Backward extends Op
      permits ActivationOp.Backward,
          AttentionOp.Backward,
          ConvolutionOp.Backward,
          ElementwiseOp.Backward,
          EmbeddingOp.Backward,
          LossOp.Backward,
          NormOp.Backward,
          PoolingOp.Backward,
          RecurrentOp.Backward,
          ReductionOp.Backward,
          SoftmaxOp.Backward {}

  /**
   * An op that users bring, as a class of their own, best a record: two of the same components are
   * then the same op.
   *
   * <p>It computes on the host. A device that has memory of its own copies the operands there and
   * the results back, waits meanwhile, and tells in its description how many such ops there are.
   */
  non-sealed interface Custom extends Forward {
    /**
     * The types of the outputs, of which there are as many as {@link #effects} has.
     *
     * @throws ShapeException if the op does not take such inputs
     */
    List<TensorType> outputs(List<TensorType> inputs);

    /** Floating-point operations on inputs that the op takes, counted as {@link Op#flops}. */
    long flops(List<TensorType> inputs);

    /**
     * Computes the outputs. The same inputs give the same bits; nothing but outputs is written.
     *
     * @param inputs in the order of the operands
     * @param outputs all elements of which are to be written, whatever they hold before; one may be
     *     the memory of an input if {@link #effects} says so
     */
    void run(List<HostOperand> inputs, List<HostOperand> outputs);

    /**
     * The op that computes the gradients of the inputs, nothing unless overridden. Its inputs are
     * those of this op, then its outputs, and then the gradients of its {@link #results}, as f32.
     * Its outputs are the gradients, f32 too, of all inputs with floating-point elements, in their
     * order.
     */
    default Optional<Op> gradient() {
      return Optional.empty();
    }

    @Override
    default List<TensorType> outputs(Inputs in) {
      List<TensorType> outputs = outputs(in.types());
      if (outputs.size() != effects().outputs().size()) {
        throw new ShapeException(
            "%s of %s writes %s, but its effects are %s"
                .formatted(name(), in.types(), outputs, effects()));
      }
      return outputs;
    }

    @Override
    default long flops(Inputs in) {
      return flops(in.types());
    }
  }

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
