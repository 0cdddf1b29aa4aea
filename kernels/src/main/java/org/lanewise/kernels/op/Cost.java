package org.lanewise.kernels.op;

import java.util.List;

/**
 * What running an op once costs.
 *
 * @param flops floating-point operations; a fused multiply-add counts as two, a transcendental
 *     function as one
 * @param bytes bytes of all operands, each counted once for a read and once for a write
 */
public record Cost(long flops, long bytes) {
  /** No work. */
  public static final Cost ZERO = new Cost(0, 0);

  /**
   * The cost of an op on operands of the given types.
   *
   * @throws ShapeException if the op does not take such inputs
   */
  public static Cost of(Op op, List<TensorType> inputs) {
    List<TensorType> outputs = ShapeRule.outputs(op, inputs);
    long size = inputs.getFirst().shape().size();
    long flops =
        switch (op) {
          case Op.Gemm gemm -> gemmFlops(gemm, inputs, outputs.getFirst());
          case Op.Activate activate -> size * flopsPerElement(activate.function());
          case Op.ActivateBackward _ -> 3 * size;
          case Op.ColumnSums _ -> size;
          case Op.SoftmaxCrossEntropy _ -> 4 * size;
          case Op.SoftmaxCrossEntropyBackward _ -> 3 * size;
          case Op.MeanSquaredError _ -> 3 * size;
          case Op.MeanSquaredErrorBackward _ -> 2 * size;
          case Op.Sgd _ -> 6 * size;
          case Op.RmsProp _ -> 10 * size;
          case Op.Adam _ -> 14 * size;
        };
    return new Cost(flops, bytes(inputs) + bytes(outputs) * (updatesInPlace(op) ? 2 : 1));
  }

  /** The sum of two costs. */
  public Cost plus(Cost other) {
    return new Cost(flops + other.flops, bytes + other.bytes);
  }

  private static long gemmFlops(Op.Gemm gemm, List<TensorType> inputs, TensorType c) {
    long k = inputs.getFirst().shape().dimension(gemm.transA() == Transpose.YES ? 0 : 1);
    return 2 * k * c.shape().size();
  }

  private static long flopsPerElement(Activation function) {
    return switch (function) {
      case RELU -> 1;
      case LEAKY_RELU, ELU -> 2;
      case HARDSWISH -> 3;
      case SIGMOID, TANH, SOFTPLUS, SILU, GELU, GELU_TANH -> 4;
    };
  }

  private static boolean updatesInPlace(Op op) {
    return switch (op) {
      case Op.Gemm gemm -> gemm.accumulate();
      case Op.ActivateBackward backward -> backward.accumulate();
      case Op.ColumnSums sums -> sums.accumulate();
      case Op.Update _ -> true;
      default -> false;
    };
  }

  private static long bytes(List<TensorType> types) {
    return types.stream().mapToLong(TensorType::byteSize).sum();
  }
}
