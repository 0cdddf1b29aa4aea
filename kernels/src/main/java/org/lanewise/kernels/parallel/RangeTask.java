package org.lanewise.kernels.parallel;

import org.lanewise.kernels.workspace.Workspace;

/**
 * A kernel over a range of elements, rows or columns, shared out over the threads of a pool.
 *
 * <p>The kernel is called on blocks of a few thousand elements rather than once per thread: the JIT
 * compiles a method after some hundred calls, but only after some ten thousand iterations of a loop
 * in one call, and until then vector code is a thousand times slower.
 */
public final class RangeTask implements WorkerPool.Task, PoolRunnable {
  /** A computation for {@code from ≤ i < to}; that of different i is independent. */
  @FunctionalInterface
  public interface Kernel {
    /** Computes part of the range. */
    void run(long from, long to);
  }

  /** Elements of a part at least; fewer are not worth waking a thread for. */
  private static final long PART_ELEMENTS = 16 * 1024;

  private static final long BLOCK_ELEMENTS = 2 * 1024;

  /** Elements of a cache line. Blocks begin at multiples of it. */
  private static final long LINE_ELEMENTS = 16;

  private final Kernel kernel;
  private final long length;
  private final long block;
  private final boolean once;
  private final long worthwhileParts;
  private boolean oncePerThread;

  private RangeTask(long length, long itemElements, long grain, Kernel kernel) {
    this.kernel = kernel;
    this.length = length;
    long items = BLOCK_ELEMENTS / Math.max(1, itemElements);
    block = Math.max(1, items / grain) * grain;
    once = false;
    worthwhileParts = (long) ((double) length * itemElements / PART_ELEMENTS);
  }

  private RangeTask(long length, double itemElements, Kernel kernel) {
    this.kernel = kernel;
    this.length = length;
    block = 1;
    once = true;
    worthwhileParts = (long) (length * itemElements / PART_ELEMENTS);
  }

  /** A kernel over single elements. */
  public static RangeTask overElements(long length, Kernel kernel) {
    return new RangeTask(length, 1, LINE_ELEMENTS, kernel);
  }

  /** A kernel over the rows of a matrix. */
  public static RangeTask overRows(long rows, long columns, Kernel kernel) {
    return new RangeTask(rows, columns, 1, kernel);
  }

  /** A kernel over the columns of a matrix. */
  public static RangeTask overColumns(long rows, long columns, Kernel kernel) {
    return new RangeTask(columns, rows, 4 * LINE_ELEMENTS, kernel);
  }

  /** A kernel over the channels of a batch: columns of a matrix, or planes if they are larger. */
  public static RangeTask overChannels(long batch, long channels, long spatial, Kernel kernel) {
    return spatial == 1
        ? overColumns(batch, channels, kernel)
        : overRows(channels, batch * spatial, kernel);
  }

  /**
   * A kernel that is called once per part, as one that works in blocks of its own is.
   *
   * @param itemElements work for an item, in elements that are as much
   */
  public static RangeTask overItems(long length, double itemElements, Kernel kernel) {
    return new RangeTask(length, itemElements, kernel);
  }

  /** Has at most one part for each thread, for a kernel that repeats some of its work in each. */
  public RangeTask oncePerThread() {
    oncePerThread = true;
    return this;
  }

  /** A kernel that is not shared out. */
  public static RangeTask whole(Runnable kernel) {
    return new RangeTask(1, 0.0, (_, _) -> kernel.run());
  }

  @Override
  public void run(WorkerPool pool) {
    int parts = pool.parts(Math.min(worthwhileParts, Math.ceilDiv(length, block)));
    pool.run(oncePerThread ? Math.min(parts, pool.threads()) : parts, this);
  }

  @Override
  public void run(int part, int parts) {
    long to = boundary(part + 1, parts);
    long step = once ? length : block;
    try (Workspace _ = Workspace.enter()) {
      for (long i = boundary(part, parts); i < to; i += step) {
        kernel.run(i, Math.min(to, i + step));
      }
    }
  }

  private long boundary(long part, long parts) {
    long blocks = Math.ceilDiv(length, block);
    return Math.min(length, blocks * part / parts * block);
  }
}
