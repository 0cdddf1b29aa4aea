package org.lanewise.ffi.opencl.backend;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.ffi.opencl.Context;
import org.lanewise.ffi.opencl.DeviceMemory;

/**
 * Indices out of range. Kernels cannot throw, so the first one of a run is noted in memory of the
 * device: the number of its step, its row, the index, and how many there are.
 */
final class Faults {
  private static final long BYTES = 4 * JAVA_INT.byteSize();

  private final List<String> messages = new ArrayList<>();
  private final DeviceMemory memory;
  private final MemorySegment none = Arena.ofAuto().allocate(BYTES, JAVA_INT.byteAlignment());

  Faults(Context context) {
    memory = DeviceMemory.allocate(context, BYTES);
  }

  DeviceMemory memory() {
    return memory;
  }

  /**
   * The number of a step.
   *
   * @param message a format of index, row and bound
   */
  int step(String message) {
    messages.add(message);
    return messages.size();
  }

  /** Queues what {@link #check} needs. */
  void prefetch() {
    if (!messages.isEmpty()) {
      memory.prefetch();
    }
  }

  /**
   * Throws if there was a fault before the last {@link #prefetch}. The device has finished since.
   *
   * @throws IndexOutOfBoundsException naming the index and its row
   */
  void check() {
    if (messages.isEmpty()) {
      return;
    }
    MemorySegment fault = memory.prefetched();
    int step = fault.get(JAVA_INT, 0);
    if (step != 0) {
      memory.write(0, none, 0, BYTES);
      throw new IndexOutOfBoundsException(
          messages
              .get(step - 1)
              .formatted(
                  fault.getAtIndex(JAVA_INT, 2),
                  fault.getAtIndex(JAVA_INT, 1),
                  fault.getAtIndex(JAVA_INT, 3)));
    }
  }
}
