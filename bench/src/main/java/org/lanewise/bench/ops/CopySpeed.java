package org.lanewise.bench.ops;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;

/** What a copy of so many bytes takes: no op that reads and writes them can be faster. */
final class CopySpeed implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final WorkerPool pool;
  private final RangeTask copy;

  /**
   * A copy that moves as many bytes as an op.
   *
   * @param bytes read and written
   */
  CopySpeed(long bytes, int threads) {
    long half = Math.max(1, bytes / 2 / Float.BYTES) * Float.BYTES;
    MemorySegment source = arena.allocate(half, 64);
    MemorySegment target = arena.allocate(half, 64);
    source.fill((byte) 1);
    target.fill((byte) 1);
    pool = new WorkerPool(threads);
    copy =
        RangeTask.overElements(
            half / Float.BYTES,
            (from, to) ->
                MemorySegment.copy(
                    source,
                    from * Float.BYTES,
                    target,
                    from * Float.BYTES,
                    (to - from) * Float.BYTES));
  }

  void run() {
    copy.run(pool);
  }

  @Override
  public void close() {
    pool.close();
    arena.close();
  }
}
