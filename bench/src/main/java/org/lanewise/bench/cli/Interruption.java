package org.lanewise.bench.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a signal that ends the process (Ctrl-C, {@code kill}) end a command in good order: while
 * this is open, a signal asks for a stop, and the process waits for {@link #close}.
 */
public final class Interruption implements AutoCloseable {
  /** Exit code of a process that was stopped by Ctrl-C, as a shell reports it. */
  public static final int EXIT_CODE = 130;

  private static final long PATIENCE_SECONDS = 10;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "interruption");
  private volatile boolean requested;

  private Interruption() {}

  /** Waits for signals. */
  public static Interruption onSignal() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Whether a signal came. */
  public boolean requested() {
    return requested;
  }

  private void stop() {
    requested = true;
    try {
      closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the process end. */
  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is ending: the hook runs, and returns now.
    }
  }
}
