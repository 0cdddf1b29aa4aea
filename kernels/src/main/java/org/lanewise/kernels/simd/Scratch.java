package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.VirtualLanes;

/**
 * Memory of one thread for what a kernel cannot keep in registers, so that no call allocates. It is
 * freed when a worker of a pool ends, and some time after another thread has.
 */
public final class Scratch {
  /** Elements of {@link #chunk}: 4 KiB, which stay in the first-level cache. */
  static final int CHUNK = 1024;

  private static final int BUFFERS = 4;

  private static final ThreadLocal<Scratch> THREADS = ThreadLocal.withInitial(Scratch::new);

  /** The {@link VirtualLanes}, where vectors of any width can add to them. */
  final MemorySegment lanes;

  /** What a first stage leaves to a second one. */
  final MemorySegment chunk;

  /** What rounding took from elements of {@link #chunk}. */
  final MemorySegment errors;

  /** A tile that {@link TileFunctions} are applied to. */
  final MemorySegment tile;

  private final MemorySegment stepScalars;

  private final Arena arena = WorkerPool.arenaOfThread();
  private final MemorySegment[] buffers = new MemorySegment[BUFFERS];

  private Scratch() {
    lanes = arena.allocate(VirtualLanes.COUNT * Float.BYTES, 64);
    chunk = arena.allocate(CHUNK * Float.BYTES, 64);
    tile = arena.allocate(CHUNK * Float.BYTES, 64);
    errors = arena.allocate(CHUNK * Float.BYTES, 64);
    stepScalars = arena.allocate(StepScalars.TYPE.byteSize(), 64);
  }

  /** The calling thread's. */
  public static Scratch ofThread() {
    return THREADS.get();
  }

  /** Room for {@link StepScalars}. */
  public MemorySegment stepScalars() {
    return stepScalars;
  }

  /** Room for as many elements, the same in each call with the same number. */
  MemorySegment buffer(int number, long elements) {
    MemorySegment buffer = buffers[number];
    if (buffer == null || buffer.byteSize() < elements * Float.BYTES) {
      // Twice as large at least, so that what is given up is never more than what is kept.
      long old = buffer == null ? 0 : buffer.byteSize();
      buffer = arena.allocate(Math.max(elements * Float.BYTES, 2 * old), 64);
      buffers[number] = buffer;
    }
    return buffer;
  }

  void clearLanes() {
    lanes.fill((byte) 0);
  }

  void addToLane(long lane, float value) {
    lanes.setAtIndex(FLOAT, lane, lanes.getAtIndex(FLOAT, lane) + value);
  }

  /** The sum of the lanes in the order of {@link VirtualLanes}. */
  float sumOfLanes() {
    return (sumOfLanes(0) + sumOfLanes(2)) + (sumOfLanes(1) + sumOfLanes(3));
  }

  private float sumOfLanes(int first) {
    return (lane(first) + lane(first + 8)) + (lane(first + 4) + lane(first + 12));
  }

  /** The largest lane, or NaN if there is one. */
  float maxOfLanes() {
    return Math.max(Math.max(maxOfLanes(0), maxOfLanes(1)), Math.max(maxOfLanes(2), maxOfLanes(3)));
  }

  private float maxOfLanes(int first) {
    return Math.max(
        Math.max(lane(first), lane(first + 4)), Math.max(lane(first + 8), lane(first + 12)));
  }

  private float lane(int index) {
    return lanes.getAtIndex(FLOAT, index);
  }
}
