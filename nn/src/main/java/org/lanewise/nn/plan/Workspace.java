package org.lanewise.nn.plan;

import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;

/**
 * One block of a device's memory that plans share, since one of them runs at a time. It is as large
 * as the largest of them needs; when it grows, the others move along before they run again.
 */
public final class Workspace implements AutoCloseable {
  private final Backend backend;
  private Buffer buffer;

  /** A workspace that is empty yet. */
  public Workspace(Backend backend) {
    this.backend = backend;
    buffer = backend.allocate(0);
  }

  /** The block, at least of this size. */
  Buffer atLeast(long byteSize) {
    if (buffer.byteSize() < byteSize) {
      buffer.close();
      buffer = backend.allocate(byteSize);
    }
    return buffer;
  }

  /** Whether a block is still the one that plans share. */
  boolean isCurrent(Buffer block) {
    return block == buffer;
  }

  /** Bytes of the block. */
  public long byteSize() {
    return buffer.byteSize();
  }

  /** Frees the block. */
  @Override
  public void close() {
    buffer.close();
  }
}
