package org.lanewise.ffi.opencl;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Held while drivers are asked for devices, open or close one, or compile: not all of them bear
 * several threads there. PoCL sometimes has no device then. Whatever they do to the process's
 * signal handlers is undone.
 */
final class Driver implements AutoCloseable {
  private static final ReentrantLock LOCK = new ReentrantLock();

  private final SignalHandlers handlers;

  private Driver() {
    handlers = SignalHandlers.hold();
  }

  /** Waits until no other thread is there. */
  static Driver enter() {
    LOCK.lock();
    try {
      return new Driver();
    } catch (RuntimeException | Error failure) {
      LOCK.unlock();
      throw failure;
    }
  }

  @Override
  public void close() {
    try {
      handlers.close();
    } finally {
      LOCK.unlock();
    }
  }
}
