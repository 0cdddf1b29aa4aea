package org.lanewise.kernels.backend;

import java.lang.foreign.MemorySegment;

/** Memory of a backend. All offsets and lengths are in bytes. */
public interface Buffer extends AutoCloseable {
  /** Size of the buffer. */
  long byteSize();

  /**
   * Copies from host memory to the device.
   *
   * @throws IndexOutOfBoundsException if a range does not lie within its memory
   * @throws IllegalStateException if the buffer is closed
   */
  void write(long offset, MemorySegment source, long sourceOffset, long byteCount);

  /**
   * Copies from the device to host memory, after all steps that were run.
   *
   * @throws IndexOutOfBoundsException if a range does not lie within its memory, or a step that was
   *     queued came upon an index that is out of range
   * @throws IllegalStateException if the buffer is closed
   */
  void read(long offset, MemorySegment target, long targetOffset, long byteCount);

  /**
   * Copies from a buffer of the same backend, which may be this one, on the device: after all steps
   * that were run, and before those to come.
   *
   * @throws IndexOutOfBoundsException if a range does not lie within its memory
   * @throws IllegalArgumentException if the ranges overlap, or the buffer is another backend's
   * @throws IllegalStateException if a buffer is closed
   */
  void copy(long offset, Buffer source, long sourceOffset, long byteCount);

  /** Frees the memory. Closing again does nothing. */
  @Override
  void close();
}
