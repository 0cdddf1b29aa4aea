package org.lanewise.kernels;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The memory of a product's operands, in numbers of which f32 takes the nearest.
 *
 * <p>What is not an element is NaN, which would show in the result if it were read. In C it is NaN
 * and a number in turn, since NaN hides that it was read, changed and written. The memory of A and
 * B ends with their last element: reading on would throw.
 */
final class GemmOperands {
  /** What guards C, where it is not NaN. */
  static final double GUARD = 12345;

  /** Elements behind C. */
  private static final int GUARD_ELEMENTS = 70;

  final double[] a;
  final double[] b;
  final double[] c;

  /** Null if the product has none. */
  final double[] bias;

  /** Null if the product has none. */
  final double[] residual;

  private GemmOperands(double[] a, double[] b, double[] c, double[] bias, double[] residual) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.bias = bias;
    this.residual = residual;
  }

  /** Numbers in [−0.5, 0.5). */
  static GemmOperands random(GemmCase x, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] a = matrices(random, x.aRows(), x.aColumns(), x.lda, x.aOffset, x.batch, x.aStride, 0);
    double[] b = matrices(random, x.bRows(), x.bColumns(), x.ldb, x.bOffset, x.batch, x.bStride, 0);
    double[] c = matrices(random, x.m, x.n, x.ldc, x.cOffset, x.batch, x.cStride, GUARD_ELEMENTS);
    for (int i = 0; i < c.length; i += 2) {
      if (Double.isNaN(c[i])) {
        c[i] = GUARD;
      }
    }
    double[] bias =
        x.epilogue.hasBias() ? matrices(random, 1, x.biasLength(), 0, 0, 1, 0, 0) : null;
    double[] residual =
        x.epilogue.residual()
            ? matrices(random, x.m, x.n, x.ldc, x.cOffset, x.batch, x.cStride, 0)
            : null;
    return new GemmOperands(a, b, c, bias, residual);
  }

  private static double[] matrices(
      SplittableRandom random,
      int rows,
      int columns,
      int rowStride,
      int offset,
      int batch,
      int stride,
      int guard) {
    boolean empty = rows == 0 || columns == 0 || batch == 0;
    int end = empty ? offset : offset + (batch - 1) * stride + (rows - 1) * rowStride + columns;
    double[] memory = new double[end + guard];
    Arrays.fill(memory, Double.NaN);
    for (int matrix = 0; matrix < batch; matrix++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          memory[offset + matrix * stride + i * rowStride + j] = random.nextDouble() - 0.5;
        }
      }
    }
    return memory;
  }
}
