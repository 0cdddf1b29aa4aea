package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The process's signal handlers at one moment: the JVM's, which drivers replace, and which a thread
 * puts back time and again. See {@link org.lanewise.ffi.opencl}. Where the C library has no {@code
 * sigaction}, there are none.
 */
final class SignalHandlers implements AutoCloseable {
  private static final Optional<MethodHandle> SIGACTION =
      Linker.nativeLinker()
          .defaultLookup()
          .find("sigaction")
          .map(address ->
              Linker.nativeLinker()
                  .downcallHandle(
                      address, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS)));

  /** Signals are numbered from 1; those after the last are the C library's and for real time. */
  private static final int LAST = 31;

  /** More than a {@code struct sigaction} takes. Nothing in it is looked at. */
  private static final long BYTES = 256;

  /** A driver's handlers stand for so long at most, unless the machine is busy. */
  private static final long NANOS = 20_000;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment actions = arena.allocate((LAST + 1) * BYTES, Long.BYTES);
  private final Thread keeper;
  private volatile boolean closed;

  private SignalHandlers() {
    for (int signal = 1; signal <= LAST; signal++) {
      sigaction(signal, MemorySegment.NULL, action(signal));
    }
    keeper = Thread.ofPlatform().daemon().name("lanewise-signal-handlers").start(this::keep);
  }

  /** Keeps the handlers that there are now until it is closed. */
  static SignalHandlers hold() {
    return new SignalHandlers();
  }

  private void keep() {
    while (!closed) {
      putBack();
      LockSupport.parkNanos(NANOS);
    }
  }

  private void putBack() {
    for (int signal = 1; signal <= LAST; signal++) {
      sigaction(signal, action(signal), MemorySegment.NULL);
    }
  }

  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (keeper.isAlive()) {
      try {
        keeper.join();
      } catch (InterruptedException interrupt) {
        interrupted = true;
      }
    }
    putBack();
    arena.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private MemorySegment action(int signal) {
    return actions.asSlice(signal * BYTES, BYTES);
  }

  /** Its status is not looked at: it fails for those signals alone that cannot be handled. */
  private static void sigaction(int signal, MemorySegment action, MemorySegment previous) {
    if (SIGACTION.isEmpty()) {
      return;
    }
    try {
      int _ = (int) SIGACTION.get().invokeExact(signal, action, previous);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
