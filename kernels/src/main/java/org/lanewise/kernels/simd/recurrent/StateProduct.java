package org.lanewise.kernels.simd.recurrent;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.gemm.f32.Panels;
import org.lanewise.kernels.simd.gemm.f32.Product;
import org.lanewise.kernels.workspace.PerWorkspace;

/** Products of rows with a weight, which is the same at all steps and so is packed but once. */
final class StateProduct {
  /** Elements of a weight that is packed; for a larger one, a workspace would not be kept. */
  private static final long LARGEST = 8 << 20;

  private static final PerWorkspace<StateProduct> INSTANCES = PerWorkspace.of(StateProduct::new);

  private Transpose transpose;
  private MemorySegment weight;
  private MemorySegment panels;
  private MemorySegment results;
  private long columns;
  private long depth;

  /**
   * The instance of the calling thread, with a weight.
   *
   * @param rows as many as are multiplied at a time, at most
   * @param columns of op(weight)
   * @param depth rows of op(weight)
   */
  static StateProduct of(
      long rows, Transpose transpose, long columns, long depth, MemorySegment weight) {
    StateProduct product = INSTANCES.get();
    product.transpose = transpose;
    product.weight = weight;
    product.columns = columns;
    product.depth = depth;
    long size = Panels.size(columns, depth);
    product.panels = size > LARGEST ? null : Scratch.ofThread().buffer(0, size);
    if (product.panels != null) {
      Panels.pack(transpose, columns, depth, weight, 0, product.stride(), product.panels);
    }
    product.results = Scratch.ofThread().buffer(1, rows * columns);
    return product;
  }

  private long stride() {
    return transpose == Transpose.NO ? columns : depth;
  }

  /**
   * {@code x·op(weight) + bias} of some rows.
   *
   * @param bias [columns], or null
   * @return the results [rows, columns], until the next call
   */
  MemorySegment multiply(long rows, MemorySegment x, long xFrom, long xStride, MemorySegment bias) {
    Product product =
        Product.ofThread().size(rows, columns, depth).left(1f, Transpose.NO, x, xFrom, xStride);
    if (panels == null) {
      product.right(transpose, weight, 0, stride());
    } else {
      product.packedRight(panels);
    }
    product.result(0f, results, 0, columns);
    if (bias != null) {
      product.epilogue(Epilogue.BIAS, bias, 0, null, 0, 0);
    }
    product.run();
    return results;
  }

  /** Forgets the weight, lest an idle instance keep memory alive. */
  void clear() {
    Product.ofThread().clear();
    weight = null;
  }
}
