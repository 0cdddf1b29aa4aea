package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.simd.gemm.f32.Memory.COUNT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.workspace.PerWorkspace;
import org.lanewise.kernels.workspace.Workspace;

/**
 * Products with fewer columns than a tile, which would leave much of it unused: {@code Cᵀ = op(B)ᵀ
 * · op(A)ᵀ}, whose rows are long, in a buffer.
 */
final class NarrowLoops {
  private static final int MAX_COLUMNS = 2 * COUNT;

  /** Rows of C at a time. */
  private static final int ROWS = 512;

  /** Rows of a tile of the epilogue, which are no more elements than its functions take. */
  private static final int EPILOGUE = 32;

  private static final PerWorkspace<NarrowLoops> INSTANCES = PerWorkspace.of(NarrowLoops::new);

  private final Loops loops = Loops.in(Workspace.current());
  private final Product transposed = new Product();
  private final MemorySegment buffer = Memory.scratch((long) MAX_COLUMNS * ROWS);

  static NarrowLoops in(Workspace workspace) {
    return INSTANCES.in(workspace);
  }

  /**
   * Whether these loops are for a rectangle of C: if it is narrow, and tall and deep enough for the
   * way through the buffer not to matter.
   */
  static boolean areFor(Product product, long rows, long columns) {
    boolean pays =
        columns < COUNT
            ? rows >= COUNT && product.depth >= COUNT / 2
            : rows >= 4 * COUNT && product.depth >= 2 * COUNT;
    return pays && columns < MAX_COLUMNS && !product.isPacked && product.hasSums();
  }

  /** Computes a rectangle of one matrix of a batch. */
  void multiply(
      Product product, long matrix, long rowFrom, long rowTo, long columnFrom, long columnTo) {
    int columns = (int) (columnTo - columnFrom);
    for (long i = rowFrom; i < rowTo; i += ROWS) {
      int rows = (int) Math.min(ROWS, rowTo - i);
      long at = product.cStart(matrix) + i * product.cRow + columnFrom * ELEMENT;
      if (product.beta != 0f) {
        readC(product, at, rows, columns);
      }
      transposed.transposeOf(product, matrix, i, rows, columnFrom, columns, buffer, ROWS);
      loops.multiply(transposed, 0, 0, columns, 0, rows);
      transposed.clear();
      writeC(product, at, rows, columns);
      if (product.epilogue.isPresent()) {
        for (int x = 0; x < rows; x += EPILOGUE) {
          int count = Math.min(EPILOGUE, rows - x);
          TileEpilogue.apply(
              product, matrix, i + x, columnFrom, count, columns, at + x * product.cRow);
        }
      }
    }
  }

  private void readC(Product product, long at, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      long from = at + i * product.cRow;
      long to = (long) i * ELEMENT;
      for (int j = 0; j < columns; j++) {
        buffer.set(FLOAT, to, product.c.get(FLOAT, from));
        from += ELEMENT;
        to += ROWS * ELEMENT;
      }
    }
  }

  private void writeC(Product product, long at, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      long from = (long) i * ELEMENT;
      long to = at + i * product.cRow;
      for (int j = 0; j < columns; j++) {
        product.c.set(FLOAT, to, buffer.get(FLOAT, from));
        from += ROWS * ELEMENT;
        to += ELEMENT;
      }
    }
  }
}
