package org.lanewise.ffi.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;
import org.lanewise.ffi.opencl.bindings.clSetEventCallback$pfn_notify;

/**
 * Waits for a command, for so long and no longer. OpenCL's own waits have no end, and to look again
 * and again either takes a processor from the device or notices late; so the driver calls back.
 */
final class Completion {
  /** A result that is nearly there costs less to look for than to be woken for. */
  private static final long SPIN_NANOS = 20_000;

  private static final AtomicLong NEXT = new AtomicLong(1);

  /** Who waits, by the number that the driver gives back. */
  private static final Map<Long, Completion> WAITING = new ConcurrentHashMap<>();

  /** Never freed: a driver may call back long after a wait was given up. */
  private static final MemorySegment CALLBACK =
      clSetEventCallback$pfn_notify.allocate(Completion::called, Arena.global());

  private final Thread thread = Thread.currentThread();
  private volatile boolean done;

  private Completion() {}

  /** An exception would end the JVM; nothing here throws one. */
  private static void called(MemorySegment event, int status, MemorySegment number) {
    Completion waiting = WAITING.remove(number.address());
    if (waiting != null) {
      waiting.done = true;
      LockSupport.unpark(waiting.thread);
    }
  }

  /**
   * Waits until a command ends or fails.
   *
   * @return whether it did before the time was over
   */
  static boolean await(Event event, long timeoutNanos) {
    long start = System.nanoTime();
    do {
      if (event.status() <= OpenCLConstants.CL_COMPLETE()) {
        return true;
      }
      Thread.onSpinWait();
    } while (System.nanoTime() - start < SPIN_NANOS);
    return new Completion().park(event, start, timeoutNanos);
  }

  private boolean park(Event event, long start, long timeoutNanos) {
    long number = NEXT.getAndIncrement();
    WAITING.put(number, this);
    try {
      Status.check(
          "clSetEventCallback",
          OpenCL.clSetEventCallback(
              event.handle(),
              OpenCLConstants.CL_COMPLETE(),
              CALLBACK,
              MemorySegment.ofAddress(number)),
          event.context().device().toString());
      long left = timeoutNanos;
      while (!done && left > 0) {
        LockSupport.parkNanos(this, left);
        left = timeoutNanos - (System.nanoTime() - start);
      }
      return done;
    } finally {
      WAITING.remove(number);
    }
  }
}
