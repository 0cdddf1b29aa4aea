package org.lanewise.kernels.simd.gemm.f32;

import static org.lanewise.kernels.simd.gemm.f32.Memory.ELEMENT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.workspace.PerWorkspace;
import org.lanewise.kernels.workspace.Workspace;

/**
 * {@code C = epilogue(α · op(A) · op(B) + β · C)}, once or for a batch of matrices that lie at
 * equal distances.
 *
 * <p>The sum of an element of C runs over depth blocks of {@link ProductOp#DEPTH_BLOCK}: a chain of
 * fused multiply-adds from 0 within a block, then the blocks one after the other. That order
 * depends on nothing else, so an element has the same bits at any vector width, number of threads,
 * and size of C. Threads share out the matrices of a batch or the rows and columns of C, never the
 * depth.
 *
 * <p>An instance can be set and run any number of times, by one thread at a time. Nothing is
 * checked. Offsets and strides are given in elements and kept in the unit of {@link
 * Memory#ELEMENT}.
 */
public final class Product implements WorkerPool.Task, PoolRunnable {
  /** Multiply-adds of a part at least; fewer are not worth waking a thread for. */
  private static final double PART_WORK = 1 << 18;

  /** Multiply-adds that take as long as packing an element of a transposed operand. */
  private static final double PACKING = 32;

  private static final PerWorkspace<Product> INSTANCES = PerWorkspace.of(Product::new);

  long rows;
  long columns;
  long depth;
  float alpha;
  float beta;

  MemorySegment a;
  long aOffset;
  long aRow;
  long aDepth;

  MemorySegment b;
  long bOffset;
  long bColumn;
  long bDepth;
  boolean isPacked;

  MemorySegment c;
  long cOffset;
  long cRow;

  Epilogue epilogue;
  MemorySegment bias;
  long biasOffset;
  MemorySegment residual;
  long residualOffset;
  long residualRow;

  private long batch;
  private long aBatch;
  private long bBatch;
  private long cBatch;

  /** An instance that the calling thread may use until it asks for it again. */
  public static Product ofThread() {
    return INSTANCES.get();
  }

  /** The same, of the workspace that the calling thread has entered. */
  public static Product in(Workspace workspace) {
    return INSTANCES.in(workspace);
  }

  /** Sizes: op(A) is [m, k], op(B) [k, n], C [m, n]; one matrix each, without an epilogue. */
  public Product size(long m, long n, long k) {
    rows = m;
    columns = n;
    depth = k;
    batch = 1;
    epilogue = Epilogue.NONE;
    return this;
  }

  /** The left operand, {@code α · op(A)}. */
  public Product left(float alpha, Transpose transpose, MemorySegment a, long offset, long lda) {
    this.alpha = alpha;
    this.a = a;
    aOffset = offset * ELEMENT;
    aRow = (transpose == Transpose.NO ? lda : 1) * ELEMENT;
    aDepth = (transpose == Transpose.NO ? 1 : lda) * ELEMENT;
    return this;
  }

  /** The right operand, op(B). */
  public Product right(Transpose transpose, MemorySegment b, long offset, long ldb) {
    this.b = b;
    isPacked = false;
    bOffset = offset * ELEMENT;
    bColumn = (transpose == Transpose.NO ? 1 : ldb) * ELEMENT;
    bDepth = (transpose == Transpose.NO ? ldb : 1) * ELEMENT;
    return this;
  }

  /** The right operand, packed by {@link Panels}; the same for all matrices of a batch. */
  public Product packedRight(MemorySegment panels) {
    b = panels;
    isPacked = true;
    return this;
  }

  /** The result, which starts as {@code β · C}. */
  public Product result(float beta, MemorySegment c, long offset, long ldc) {
    this.beta = beta;
    this.c = c;
    cOffset = offset * ELEMENT;
    cRow = ldc * ELEMENT;
    return this;
  }

  /** A batch of products; matrix i of an operand begins {@code i · stride} after the first. */
  public Product batch(long count, long aStride, long bStride, long cStride) {
    batch = count;
    aBatch = aStride * ELEMENT;
    bBatch = bStride * ELEMENT;
    cBatch = cStride * ELEMENT;
    return this;
  }

  /**
   * Part of the transpose of another product: {@code Cᵀ = α · op(B)ᵀ · op(A)ᵀ + β · Cᵀ}, without
   * its epilogue.
   *
   * @param target for the transpose of C, with rows {@code targetStride} apart
   */
  void transposeOf(
      Product other,
      long matrix,
      long rowFrom,
      long rows,
      long columnFrom,
      long columns,
      MemorySegment target,
      long targetStride) {
    size(columns, rows, other.depth).result(other.beta, target, 0, targetStride);
    alpha = other.alpha;
    a = other.b;
    aOffset = other.bStart(matrix) + columnFrom * other.bColumn;
    aRow = other.bColumn;
    aDepth = other.bDepth;
    b = other.a;
    bOffset = other.aStart(matrix) + rowFrom * other.aRow;
    bColumn = other.aRow;
    bDepth = other.aDepth;
    isPacked = false;
    aBatch = 0;
    bBatch = 0;
    cBatch = 0;
  }

  /** What happens to C once its sums are complete; operands that it does not need are ignored. */
  public Product epilogue(
      Epilogue epilogue,
      MemorySegment bias,
      long biasOffset,
      MemorySegment residual,
      long residualOffset,
      long residualStride) {
    this.epilogue = epilogue;
    this.bias = bias;
    this.biasOffset = biasOffset * ELEMENT;
    this.residual = residual;
    this.residualOffset = residualOffset * ELEMENT;
    residualRow = residualStride * ELEMENT;
    return this;
  }

  @Override
  public void run(WorkerPool pool) {
    double work = (double) rows * columns * depth * batch;
    warmUp(work);
    int most = pool.parts((long) (work / PART_WORK));
    pool.run(
        batch < pool.threads() ? parts(most, pool.threads()) : (int) Math.min(batch, most), this);
  }

  /** Has the JIT compile the kernels, unless there are too few multiply-adds for it to pay. */
  public static void warmUp(double work) {
    if (work >= WarmUp.WORTHWHILE) {
      WarmUp.ensure();
    }
  }

  /** Runs on the calling thread. */
  public void run() {
    run(0, 1);
  }

  /** Forgets the operands, lest an idle instance keep memory alive. */
  public void clear() {
    a = null;
    b = null;
    c = null;
    bias = null;
    residual = null;
  }

  /**
   * Computes some matrices of the batch, or if there are few, one rectangle of a grid over each.
   */
  @Override
  public void run(int part, int parts) {
    if (rows == 0 || columns == 0) {
      return;
    }
    try (Workspace workspace = Workspace.enter()) {
      if (batch >= parts) {
        multiplyMatrices(workspace, part, parts);
      } else {
        multiplyRectangles(workspace, part, parts);
      }
    }
  }

  private void multiplyMatrices(Workspace workspace, int part, int parts) {
    long to = boundary(batch, 1, part + 1, parts);
    for (long i = boundary(batch, 1, part, parts); i < to; i++) {
      multiply(workspace, i, 0, rows, 0, columns);
    }
  }

  private void multiplyRectangles(Workspace workspace, int part, int parts) {
    int rowParts = rowParts(parts);
    int columnParts = parts / rowParts;
    int rowPart = part / columnParts;
    int columnPart = part % columnParts;
    for (long i = 0; i < batch; i++) {
      multiply(
          workspace,
          i,
          boundary(rows, MicroKernels.MAX_ROWS, rowPart, rowParts),
          boundary(rows, MicroKernels.MAX_ROWS, rowPart + 1, rowParts),
          boundary(columns, Packing.B_WIDTH, columnPart, columnParts),
          boundary(columns, Packing.B_WIDTH, columnPart + 1, columnParts));
    }
  }

  private void multiply(
      Workspace workspace, long matrix, long rowFrom, long rowTo, long columnFrom, long columnTo) {
    if (NarrowLoops.areFor(this, rowTo - rowFrom, columnTo - columnFrom)) {
      NarrowLoops.in(workspace).multiply(this, matrix, rowFrom, rowTo, columnFrom, columnTo);
    } else if (RowLoops.areFor(this, rowTo - rowFrom, columnTo - columnFrom)) {
      RowLoops.in(workspace).multiply(this, matrix, rowFrom, rowTo, columnFrom, columnTo);
    } else {
      Loops.in(workspace).multiply(this, matrix, rowFrom, rowTo, columnFrom, columnTo);
    }
  }

  /**
   * In how many rectangles to divide a matrix: in as many as there may be, so that threads that are
   * late have less left to do, unless these pack so much more that all takes a tenth longer.
   *
   * @param most a power of two times the number of threads, or less than it
   */
  private int parts(int most, int threads) {
    double least = Double.MAX_VALUE;
    for (int parts = most; parts >= threads; parts /= 2) {
      least = Math.min(least, time(parts, threads));
    }
    int parts = most;
    while (time(parts, threads) > 1.1 * least) {
      parts /= 2;
    }
    return parts;
  }

  private double time(int parts, int threads) {
    return (double) ((parts + threads - 1) / threads) * cost(rowParts(parts), parts);
  }

  /**
   * The number of parts that the rows are divided into, while the columns are divided into {@code
   * parts / rowParts}: so that the largest part is done soonest, and of equal ones those of most
   * whole rows: threads that write halves of the same pages of C, as two of 1024 columns do, are
   * not much faster than one.
   */
  private int rowParts(int parts) {
    int best = 1;
    for (int r = 2; r <= parts; r++) {
      if (parts % r == 0 && cost(r, parts) <= cost(best, parts)) {
        best = r;
      }
    }
    return best;
  }

  /**
   * Multiply-adds of the largest part for each step of the depth, and what reading takes besides.
   */
  private double cost(int rowParts, int parts) {
    double partRows = longestPart(rows, MicroKernels.MAX_ROWS, rowParts);
    double partColumns = longestPart(columns, Packing.B_WIDTH, parts / rowParts);
    return partRows * partColumns
        + partRows * (aDepth == ELEMENT ? 1 : PACKING)
        + partColumns * (bColumn == ELEMENT ? 1 : PACKING);
  }

  private static long longestPart(long length, int panel, int parts) {
    long panels = length / panel;
    long rest = length - panels * panel;
    return (panels + parts - 1) / parts * panel + (panels % parts == 0 ? rest : 0);
  }

  /**
   * Start of a part when {@code length} is shared out in whole panels. The last one that is not
   * empty has the rest, so that none is shorter than a panel unless the whole is.
   */
  private static long boundary(long length, int panel, int part, int parts) {
    long panels = length / panel;
    long before = panels / parts * part + Math.min(part, panels % parts);
    return part == parts || before == panels && panels > 0 ? length : before * panel;
  }

  /** Whether there is anything to sum: as BLAS, A and B are not read with α = 0. */
  boolean hasSums() {
    return alpha != 0f && depth > 0;
  }

  long aStart(long matrix) {
    return aOffset + matrix * aBatch;
  }

  long bStart(long matrix) {
    return bOffset + matrix * bBatch;
  }

  long cStart(long matrix) {
    return cOffset + matrix * cBatch;
  }

  long residualStart(long matrix) {
    return residualOffset + matrix * cBatch;
  }
}
