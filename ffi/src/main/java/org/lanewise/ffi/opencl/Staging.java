package org.lanewise.ffi.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Host memory between a queue and what small transfers write and read: the device works on it, and
 * never on a caller's, so a write need not wait for the device as long as there is room. Writes to
 * places next to each other become one command.
 */
final class Staging {
  private static final long BYTES = 1 << 20;

  private final MemorySegment memory;
  private final Queue queue;
  private long used;

  /** What is still to be queued: from {@code start} to {@code used}, for a place in the target. */
  private long start;

  private DeviceMemory target;
  private long targetOffset;

  Staging(Queue queue, Arena arena) {
    this.queue = queue;
    memory = arena.allocate(BYTES, 128);
  }

  /** Whether a transfer is small enough. */
  static boolean takes(long bytes) {
    return bytes <= BYTES / 4;
  }

  /** Writes before the next command that is queued. */
  void write(DeviceMemory memory, long offset, MemorySegment source) {
    long bytes = source.byteSize();
    if (used + bytes > BYTES) {
      queue.finish();
    }
    if (memory != target || offset != targetOffset + (used - start)) {
      submit();
      target = memory;
      targetOffset = offset;
    }
    MemorySegment.copy(source, 0, this.memory, used, bytes);
    used += bytes;
  }

  /** Queues what was written. */
  void submit() {
    if (start < used) {
      MemorySegment source = memory.asSlice(start, used - start);
      start = used;
      queue.enqueueWrite(target, targetOffset, source, false);
    }
    target = null;
  }

  /** Waits for what is queued, and reads. */
  void read(DeviceMemory memory, long offset, MemorySegment target) {
    long bytes = target.byteSize();
    if (used + bytes > BYTES) {
      queue.finish();
    }
    submit();
    MemorySegment place = this.memory.asSlice(used, bytes);
    used += bytes;
    start = used;
    queue.enqueueRead(memory, offset, place, false);
    queue.finish();
    target.copyFrom(place);
  }

  /** All commands have run. */
  void clear() {
    used = 0;
    start = 0;
    target = null;
  }
}
