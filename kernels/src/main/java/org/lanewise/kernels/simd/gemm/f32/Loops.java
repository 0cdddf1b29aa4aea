package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;
import static org.lanewise.kernels.simd.gemm.f32.Memory.BYTES;
import static org.lanewise.kernels.simd.gemm.f32.Memory.COUNT;
import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;
import static org.lanewise.kernels.simd.gemm.f32.MicroKernels.MAX_ROWS;
import static org.lanewise.kernels.simd.gemm.f32.Packing.B_WIDTH;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.simd.gemm.BlockSizes;
import org.lanewise.kernels.workspace.PerWorkspace;
import org.lanewise.kernels.workspace.Workspace;

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
  private static final PerWorkspace<Loops> INSTANCES = PerWorkspace.of(Loops::new);

  private final RowBlock a = new RowBlock(ROW_BLOCK + MAX_ROWS);
  private final PanelBlock b = new PanelBlock(COLUMN_BLOCK + B_WIDTH);
  private final MemorySegment tile = Memory.scratch((long) MicroKernels.MAX_ROWS * B_WIDTH);

  private Product product;
  private long matrix;

  // The block of C, and the depth block
  private long rowFrom;
  private long rowCount;
  private long columnFrom;
  private long columnCount;
  private long depthFrom;
  private int depthCount;
  private boolean first;
  private boolean last;

  static Loops in(Workspace workspace) {
    return INSTANCES.in(workspace);
  }

  /** Computes a rectangle of one matrix of a batch. */
  void multiply(
      Product product, long matrix, long rowFrom, long rowTo, long columnFrom, long columnTo) {
    this.product = product;
    this.matrix = matrix;
    long rows = rowTo - rowFrom;
    long columns = columnTo - columnFrom;
    long depth = product.hasSums() ? product.depth : 0;
    boolean packA =
        product.aDepth == ELEMENT
            ? rows >= MAX_ROWS && BlockSizes.pays(rows, depth, columns, BYTES)
            : rows < MicroKernels.TILE_ROWS || !MicroKernels.areFewWholeTiles(columns);
    boolean packB =
        product.bColumn != ELEMENT
            || columns < COUNT
            || BlockSizes.pays(columns, depth, rows, BYTES);
    if (depth == 0) {
      Memory.clear(tile);
    }
    for (long j = columnFrom; j < columnTo; j += columnCount) {
      this.columnFrom = j;
      columnCount = blockLength(columnTo - j, COLUMN_BLOCK, B_WIDTH);
      long p = 0;
      do { // once for a depth of 0 too, to multiply C by β
        long blockDepth = Math.min(BlockSizes.DEPTH, depth - p);
        takeB(p, blockDepth, packB);
        for (long i = rowFrom; i < rowTo; i += rowCount) {
          this.rowFrom = i;
          rowCount = blockLength(rowTo - i, ROW_BLOCK, MAX_ROWS);
          takeA(p, blockDepth, packA);
          multiplyBlock(blockDepth, p == 0, p + blockDepth == depth);
        }
        p += blockDepth;
      } while (p < depth);
    }
    this.product = null;
  }

  /** Length of the next block; a rest shorter than a tile is added to the one before it. */
  private static long blockLength(long left, long block, long tile) {
    return left < block + tile ? left : block;
  }

  private void takeA(long p, long depth, boolean pack) {
    long start = product.aStart(matrix) + rowFrom * product.aRow + p * product.aDepth;
    if (pack) {
      a.pack(product.a, start, product.aRow, product.aDepth, rowCount, depth);
    } else {
      a.read(start, product.aRow, product.aDepth);
    }
  }

  private void takeB(long p, long depth, boolean pack) {
    long start = product.bStart(matrix) + columnFrom * product.bColumn + p * product.bDepth;
    if (product.isPacked) {
      b.readPanels(product.columns, columnFrom, p);
    } else if (pack) {
      b.pack(product.b, start, product.bColumn, product.bDepth, columnCount, depth);
    } else {
      b.read(start, product.bColumn, product.bDepth);
    }
  }

  private void multiplyBlock(long depth, boolean begins, boolean ends) {
    MicroKernel kernel;
    for (long j = 0; j < columnCount; j += kernel.columns()) {
      kernel =
          a.hasContiguousColumns()
              ? MicroKernels.COLUMNS
              : MicroKernels.of(rowCount, columnCount, columnCount - j);
      depthFrom = 0;
      do {
        depthCount = (int) Math.min(DEPTH_BLOCK, depth - depthFrom);
        first = begins && depthFrom == 0;
        last = ends && depthFrom + depthCount == depth;
        multiplyPanel(kernel, j);
        depthFrom += depthCount;
      } while (depthFrom < depth);
    }
  }

  /** All tiles of a depth block whose new columns begin with column j. */
  private void multiplyPanel(MicroKernel kernel, long j) {
    int height = kernel.rows();
    int width = kernel.columns();
    long column = Math.max(0, Math.min(j, columnCount - width));
    MemorySegment aMemory = a.memory(product.a);
    MemorySegment bMemory = b.memory(product.b);
    long bAt = b.at(column, j, depthFrom, depthCount);
    boolean overwrites = overwrites(column < j, columnCount >= width);
    for (long i = 0; i < rowCount; i += height) {
      long row = Math.min(i, rowCount - height);
      long aAt = a.at(row, depthFrom);
      if (overwrites) {
        kernel.multiply(
            depthCount,
            aMemory,
            aAt,
            a.stride(),
            bMemory,
            bAt,
            b.depthStride(),
            product.c,
            cAt(row, column),
            product.cRow);
      } else {
        kernel.multiply(
            depthCount,
            aMemory,
            aAt,
            a.stride(),
            bMemory,
            bAt,
            b.depthStride(),
            tile,
            0,
            TILE_STRIDE);
        merge(
            ((i - row) * B_WIDTH + j - column) * ELEMENT,
            i,
            (int) Math.min(height, rowCount - i),
            j,
            (int) Math.min(width, columnCount - j));
      }
    }
  }

  /**
   * Whether tiles can go to C as they are: if nothing else is to be done, C has room for whole
   * tiles, and these have no columns of the panel before unless that one's sums are complete in the
   * same depth block.
   */
  private boolean overwrites(boolean overlaps, boolean fits) {
    return first
        && depthCount > 0
        && product.alpha == 1f
        && product.beta == 0f
        && fits
        && (last ? !product.epilogue.isPresent() : !overlaps);
  }

  /** Merges what is new in the tile, from row i and column j of the block on, into C. */
  private void merge(long from, long i, int rows, long j, int columns) {
    long to = cAt(i, j);
    float alpha = depthCount == 0 ? 0f : product.alpha;
    float beta = first ? product.beta : 1f;
    if (alpha == 1f && beta == 1f && columns == 4 * COUNT) {
      TileMerge.add4(tile, from, TILE_STRIDE, rows, product.c, to, product.cRow);
    } else {
      TileMerge.scale(
          tile, from, TILE_STRIDE, rows, columns, alpha, beta, product.c, to, product.cRow);
    }
    if (last && product.epilogue.isPresent()) {
      TileEpilogue.apply(product, matrix, rowFrom + i, columnFrom + j, rows, columns, to);
    }
  }

  private long cAt(long row, long column) {
    return product.cStart(matrix)
        + (rowFrom + row) * product.cRow
        + (columnFrom + column) * ELEMENT;
  }
}
