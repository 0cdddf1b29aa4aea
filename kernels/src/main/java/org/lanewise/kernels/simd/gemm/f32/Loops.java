package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.scalar.ScalarGemm.DEPTH_BLOCK;
import static org.lanewise.kernels.simd.gemm.f32.Memory.BYTES;
import static org.lanewise.kernels.simd.gemm.f32.Memory.COUNT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;
import static org.lanewise.kernels.simd.gemm.f32.Packing.A_WIDTH;
import static org.lanewise.kernels.simd.gemm.f32.Packing.B_WIDTH;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.simd.gemm.BlockSizes;

/**
 * The loops around the micro-kernel (Van Zee and van de Geijn, "BLIS: A Framework for Rapidly
 * Instantiating BLAS Functionality", ACM TOMS 41(3), 2015), with the memory that they need, for one
 * thread.
 *
 * <p>From outside in they run over blocks of columns, depth and rows; over panels of columns; over
 * the depth blocks of the numeric contract; and over tiles. A panel of B stays in the second-level
 * cache while the rows pass, and so does the strip of C that it gives until its sums are complete.
 *
 * <p>The last tile of a block ends where the block ends and overlaps with the one before it:
 * computing an element twice gives the same bits, and is simpler than a kernel for every rest.
 */
final class Loops {
  private static final int ROW_BLOCK = BlockSizes.rows(BYTES);
  private static final int COLUMN_BLOCK = BlockSizes.columns(BYTES);
  private static final long TILE_STRIDE = (long) B_WIDTH * ELEMENT;
  private static final ThreadLocal<Loops> THREADS = ThreadLocal.withInitial(Loops::new);

  private final MemorySegment packedA =
      Memory.allocate(Packing.size(ROW_BLOCK + A_WIDTH, BlockSizes.DEPTH, A_WIDTH));
  private final MemorySegment packedB =
      Memory.allocate(Packing.size(COLUMN_BLOCK + B_WIDTH, BlockSizes.DEPTH, B_WIDTH));
  private final MemorySegment tile = Memory.allocate((long) MicroKernels.MAX_ROWS * B_WIDTH);

  private Product product;
  private long matrix;
  private boolean packA;
  private boolean packB;

  // Packed panels of B: the lines that they have in all, and what of them is before the block
  private MemorySegment panels;
  private long panelLines;
  private long panelsBefore;
  private long depthBefore;

  // The block, its first element of each operand, and the depth block in it
  private long rowCount;
  private long columnCount;
  private long aBlock;
  private long bBlock;
  private long cBlock;
  private int depthCount;
  private long depthInBlock;
  private boolean first;
  private boolean last;
  private long blockRow;
  private long blockColumn;

  static Loops ofThread() {
    return THREADS.get();
  }

  /** Computes a rectangle of one matrix of a batch. */
  void multiply(
      Product product, long matrix, long rowFrom, long rowTo, long columnFrom, long columnTo) {
    this.product = product;
    this.matrix = matrix;
    long rows = rowTo - rowFrom;
    long columns = columnTo - columnFrom;
    long depth = product.hasSums() ? product.depth : 0;
    packA = rows >= MicroKernels.TILE_ROWS && BlockSizes.pays(rows, depth, columns, BYTES);
    packB =
        !product.isPacked
            && (product.bColumn != ELEMENT
                || columns < COUNT
                || BlockSizes.pays(columns, depth, rows, BYTES));
    if (depth == 0) {
      Memory.clear(tile);
    }
    long columnEnd;
    for (long j = columnFrom; j < columnTo; j = columnEnd) {
      columnEnd = blockEnd(j, columnTo, COLUMN_BLOCK, B_WIDTH);
      columnCount = columnEnd - j;
      blockColumn = j;
      long p = 0;
      do { // once for a depth of 0 too, to multiply C by β
        long blockDepth = Math.min(BlockSizes.DEPTH, depth - p);
        if (product.isPacked) {
          panels = product.b;
          panelLines = product.columns;
          panelsBefore = j;
          depthBefore = p;
        } else {
          bBlock = product.bStart(matrix) + j * product.bColumn + p * product.bDepth;
          if (packB) {
            packB(blockDepth);
            panels = packedB;
            panelLines = columnCount;
            panelsBefore = 0;
            depthBefore = 0;
          }
        }
        long rowEnd;
        for (long i = rowFrom; i < rowTo; i = rowEnd) {
          rowEnd = blockEnd(i, rowTo, ROW_BLOCK, A_WIDTH);
          rowCount = rowEnd - i;
          blockRow = i;
          aBlock = product.aStart(matrix) + i * product.aRow + p * product.aDepth;
          cBlock = product.cStart(matrix) + i * product.cRow + j * ELEMENT;
          if (packA) {
            packA(blockDepth);
          }
          multiplyBlock(blockDepth, p == 0, p + blockDepth == depth);
        }
        p += blockDepth;
      } while (p < depth);
    }
    this.product = null;
    panels = null;
  }

  /** End of the block that begins at {@code from}; a rest shorter than a tile is added to it. */
  private static long blockEnd(long from, long to, long block, long tile) {
    return to - from < block + tile ? to : from + block;
  }

  private void packA(long depth) {
    for (long p = 0; p < depth; p += DEPTH_BLOCK) {
      Packing.pack(
          product.a,
          aBlock + p * product.aDepth,
          product.aRow,
          product.aDepth,
          rowCount,
          Math.min(DEPTH_BLOCK, depth - p),
          A_WIDTH,
          packedA,
          Packing.size(rowCount, p, A_WIDTH) * ELEMENT);
    }
  }

  private void packB(long depth) {
    for (long p = 0; p < depth; p += DEPTH_BLOCK) {
      Packing.pack(
          product.b,
          bBlock + p * product.bDepth,
          product.bColumn,
          product.bDepth,
          columnCount,
          Math.min(DEPTH_BLOCK, depth - p),
          B_WIDTH,
          packedB,
          Packing.size(columnCount, p, B_WIDTH) * ELEMENT);
    }
  }

  private void multiplyBlock(long depth, boolean begins, boolean ends) {
    MicroKernel kernel;
    for (long j = 0; j < columnCount; j += kernel.columns()) {
      kernel = MicroKernels.of(rowCount, columnCount - j, packA || product.aRow == ELEMENT);
      depthInBlock = 0;
      do {
        depthCount = (int) Math.min(DEPTH_BLOCK, depth - depthInBlock);
        first = begins && depthInBlock == 0;
        last = ends && depthInBlock + depthCount == depth;
        multiplyPanel(kernel, j);
        depthInBlock += depthCount;
      } while (depthInBlock < depth);
    }
  }

  /** All tiles of a depth block that begin with column j. */
  private void multiplyPanel(MicroKernel kernel, long j) {
    int height = kernel.rows();
    int width = kernel.columns();
    long column = Math.max(0, Math.min(j, columnCount - width));
    int skippedColumns = (int) (j - column);
    int newColumns = (int) Math.min(width, columnCount - j);
    boolean packed = packB || product.isPacked;
    long bAt =
        packed
            ? packedAt(
                panelsBefore + column,
                panelsBefore + j,
                panelLines,
                B_WIDTH,
                depthBefore + depthInBlock)
            : bBlock + column * ELEMENT + depthInBlock * product.bDepth;
    MemorySegment b = packed ? panels : product.b;
    long bDepth = packed ? TILE_STRIDE : product.bDepth;
    MemorySegment a = packA ? packedA : product.a;
    long aRow = packA ? ELEMENT : product.aRow;
    long aDepth = packA ? (long) Packing.pitch(A_WIDTH) * ELEMENT : product.aDepth;
    boolean overwrites =
        first
            && product.alpha == 1f
            && product.beta == 0f
            && depthCount > 0
            && columnCount >= width
            && (skippedColumns == 0 || last)
            && !(last && product.epilogue.isPresent());
    for (long i = 0; i < rowCount; i += height) {
      long row = Math.min(i, rowCount - height);
      long aAt =
          packA
              ? packedAt(row, i, rowCount, A_WIDTH, depthInBlock)
              : aBlock + row * product.aRow + depthInBlock * product.aDepth;
      if (overwrites) {
        kernel.multiply(
            depthCount,
            a,
            aAt,
            aRow,
            aDepth,
            b,
            bAt,
            bDepth,
            product.c,
            cBlock + row * product.cRow + column * ELEMENT,
            product.cRow);
      } else {
        kernel.multiply(depthCount, a, aAt, aRow, aDepth, b, bAt, bDepth, tile, 0, TILE_STRIDE);
        merge(
            i,
            (int) (i - row),
            (int) Math.min(height, rowCount - i),
            j,
            skippedColumns,
            newColumns);
      }
    }
  }

  /**
   * Where line {@code line} lies in the packed panel of line {@code panelLine}, for the depth
   * block.
   */
  private long packedAt(long line, long panelLine, long lines, int width, long depthFrom) {
    long panel = panelLine / width;
    long start = Math.max(0, Math.min(panel * width, lines - width));
    return (Packing.size(lines, depthFrom, width)
            + panel * Packing.pitch(width) * depthCount
            + line
            - start)
        * ELEMENT;
  }

  /** Merges what is new in the tile into C, from row i and column j on. */
  private void merge(long i, int skippedRows, int rows, long j, int skippedColumns, int columns) {
    long from = skippedRows * TILE_STRIDE + (long) skippedColumns * ELEMENT;
    long to = cBlock + i * product.cRow + j * ELEMENT;
    float beta = first ? product.beta : 1f;
    if (product.alpha == 1f && beta == 1f && columns == 4 * COUNT) {
      TileMerge.add4(tile, from, TILE_STRIDE, rows, product.c, to, product.cRow);
    } else {
      TileMerge.scale(
          tile,
          from,
          TILE_STRIDE,
          rows,
          columns,
          depthCount == 0 ? 0f : product.alpha,
          beta,
          product.c,
          to,
          product.cRow);
    }
    if (last && product.epilogue.isPresent()) {
      TileEpilogue.apply(product, matrix, blockRow + i, blockColumn + j, rows, columns, to);
    }
  }
}
