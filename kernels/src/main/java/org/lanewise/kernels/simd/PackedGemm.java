package org.lanewise.kernels.simd;

import static org.lanewise.kernels.scalar.ScalarGemm.DEPTH_BLOCK;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarGemm;

/**
 * {@code C = epilogue(α · op(A) · op(B) + β · C)} by five loops around a micro-kernel (Van Zee and
 * van de Geijn, "BLIS: A Framework for Rapidly Instantiating BLAS Functionality", ACM TOMS 41(3),
 * 2015).
 *
 * <p>The sum of an element of C runs over depth blocks of {@link ScalarGemm#DEPTH_BLOCK}: a chain
 * of fused multiply-adds from 0 within a block, then the blocks one after the other. That order
 * depends on nothing else, so an element has the same bits at any vector width, number of threads,
 * and size of C. Threads share out the rows and columns of C, never the depth.
 *
 * <p>An instance describes one product and may run any number of times. Nothing is checked.
 */
public final class PackedGemm implements WorkerPool.Task {
  private static final MicroKernel KERNEL = MicroKernel.BEST;
  private static final int TILE_ROWS = KERNEL.rows();
  private static final int TILE_COLUMNS = KERNEL.columns();

  /** Rows of A packed at a time: 384 KiB with the depth block, most of a second-level cache. */
  private static final long ROW_BLOCK = 192 / TILE_ROWS * TILE_ROWS;

  /** Columns of B packed at a time: 2 MiB with the depth block, a share of the last-level cache. */
  private static final long COLUMN_BLOCK = 1024;

  /** Multiply-adds that a thread gets at least; fewer are not worth waking it. */
  private static final double PART_WORK = 1 << 17;

  private final long rows;
  private final long columns;
  private final long depth;
  private final float alpha;
  private final float beta;
  private final MemorySegment a;
  private final long aRowStride;
  private final long aDepthStride;
  private final MemorySegment b;
  private final long bColumnStride;
  private final long bDepthStride;
  private final MemorySegment bias;
  private final boolean relu;
  private final MemorySegment c;
  private final long cRowStride;

  /**
   * A product of {@code op(A)} [m, k] and {@code op(B)} [k, n].
   *
   * @param bias [n] if the epilogue has a bias, else ignored
   */
  public PackedGemm(
      Transpose transA,
      Transpose transB,
      long m,
      long n,
      long k,
      float alpha,
      MemorySegment a,
      long lda,
      MemorySegment b,
      long ldb,
      float beta,
      MemorySegment c,
      long ldc,
      Epilogue epilogue,
      MemorySegment bias) {
    this.rows = m;
    this.columns = n;
    this.depth = alpha == 0f ? 0 : k; // as BLAS: with α = 0, A and B are not read
    this.alpha = depth == 0 ? 0f : alpha;
    this.beta = beta;
    this.a = a;
    this.aRowStride = transA == Transpose.NO ? lda : 1;
    this.aDepthStride = transA == Transpose.NO ? 1 : lda;
    this.b = b;
    this.bColumnStride = transB == Transpose.NO ? 1 : ldb;
    this.bDepthStride = transB == Transpose.NO ? ldb : 1;
    this.bias = epilogue.hasBias() ? bias : null;
    this.relu = epilogue.hasRelu();
    this.c = c;
    this.cRowStride = ldc;
  }

  /** Runs on as many of the pool's threads as pay. */
  public void run(WorkerPool pool) {
    if (rows * columns * depth >= GemmWarmUp.WORTHWHILE) {
      GemmWarmUp.ensure();
    }
    double work = (double) rows * columns * depth;
    pool.run(Math.clamp((long) (work / PART_WORK), 1, pool.threads()), this);
  }

  /** Computes one rectangle of a grid over C. */
  @Override
  public void run(int part, int parts) {
    int rowParts = rowParts(parts);
    int columnParts = parts / rowParts;
    int rowPart = part / columnParts;
    int columnPart = part % columnParts;
    multiply(
        boundary(rows, TILE_ROWS, rowPart, rowParts),
        boundary(rows, TILE_ROWS, rowPart + 1, rowParts),
        boundary(columns, TILE_COLUMNS, columnPart, columnParts),
        boundary(columns, TILE_COLUMNS, columnPart + 1, columnParts));
  }

  /** The divisor of {@code parts} that makes a part's rectangle closest to a square. */
  private int rowParts(int parts) {
    int best = 1;
    double least = Double.MAX_VALUE;
    for (int r = 1; r <= parts; r++) {
      if (parts % r == 0) {
        double packed = (double) rows / r + (double) columns * r / parts;
        if (packed < least) {
          least = packed;
          best = r;
        }
      }
    }
    return best;
  }

  /** Start of a part when {@code length} is shared out in whole tiles. */
  private static long boundary(long length, long tile, long part, long parts) {
    long tiles = (length + tile - 1) / tile;
    return Math.min(length, tiles * part / parts * tile);
  }

  private void multiply(long rowFrom, long rowTo, long columnFrom, long columnTo) {
    PackBuffers buffers = PackBuffers.ofThread();
    if (depth == 0) {
      buffers.tile.fill((byte) 0);
    }
    for (long j = columnFrom; j < columnTo; j += COLUMN_BLOCK) {
      long columnCount = Math.min(COLUMN_BLOCK, columnTo - j);
      long p = 0;
      do { // once for a depth of 0 too, to multiply C by β
        long depthCount = Math.min(DEPTH_BLOCK, depth - p);
        Packing.pack(
            b,
            (j * bColumnStride + p * bDepthStride) * Float.BYTES,
            bColumnStride,
            bDepthStride,
            columnCount,
            depthCount,
            TILE_COLUMNS,
            buffers.b);
        for (long i = rowFrom; i < rowTo; i += ROW_BLOCK) {
          long rowCount = Math.min(ROW_BLOCK, rowTo - i);
          Packing.pack(
              a,
              (i * aRowStride + p * aDepthStride) * Float.BYTES,
              aRowStride,
              aDepthStride,
              rowCount,
              depthCount,
              TILE_ROWS,
              buffers.a);
          multiplyBlock(
              buffers, i, rowCount, j, columnCount, depthCount, p == 0, p + depthCount == depth);
        }
        p += DEPTH_BLOCK;
      } while (p < depth);
    }
  }

  private void multiplyBlock(
      PackBuffers buffers,
      long rowFrom,
      long rowCount,
      long columnFrom,
      long columnCount,
      long depthCount,
      boolean first,
      boolean last) {
    for (long j = 0; j < columnCount; j += TILE_COLUMNS) {
      int tileColumns = (int) Math.min(TILE_COLUMNS, columnCount - j);
      for (long i = 0; i < rowCount; i += TILE_ROWS) {
        int tileRows = (int) Math.min(TILE_ROWS, rowCount - i);
        KERNEL.multiply(
            depthCount,
            buffers.a,
            i * depthCount * Float.BYTES,
            buffers.b,
            j * depthCount * Float.BYTES,
            buffers.tile);
        TileMerge.merge(
            buffers.tile,
            TILE_COLUMNS,
            tileRows,
            tileColumns,
            alpha,
            first ? beta : 1f,
            last ? bias : null,
            (columnFrom + j) * Float.BYTES,
            last && relu,
            c,
            ((rowFrom + i) * cRowStride + columnFrom + j) * Float.BYTES,
            cRowStride * Float.BYTES);
      }
    }
  }

  /** The packed blocks and the tile of one thread, freed some time after the thread has ended. */
  private static final class PackBuffers {
    private static final long PAGE = 4096;
    private static final ThreadLocal<PackBuffers> THREADS =
        ThreadLocal.withInitial(PackBuffers::new);

    final MemorySegment a;
    final MemorySegment b;
    final MemorySegment tile;

    private PackBuffers() {
      Arena arena = Arena.ofAuto();
      a = arena.allocate(ROW_BLOCK * DEPTH_BLOCK * Float.BYTES + Packing.SLACK, PAGE);
      b = arena.allocate(COLUMN_BLOCK * DEPTH_BLOCK * Float.BYTES + Packing.SLACK, PAGE);
      tile = arena.allocate((long) TILE_ROWS * TILE_COLUMNS * Float.BYTES, PAGE);
    }

    static PackBuffers ofThread() {
      return THREADS.get();
    }
  }
}
