package org.lanewise.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a signal that ends the process (Ctrl-C, {@code kill}) end a command in good order: while
 * this is open, the signal asks for a stop and the process waits for {@link #close}.
 */
public final class Interruption implements AutoCloseable {
  /** Exit code of a process that was stopped by Ctrl-C, as a shell reports it. */
  public static final int EXIT_CODE = 130;

  /** A batch, an evaluation and a checkpoint are done by then; if not, the last one is valid. */
  private static final long PATIENCE_SECONDS = 30;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean requested;

  private Interruption(Runnable stop) {
    hook =
        new Thread(
            () -> {
              requested = true;
              stop.run();
              awaitClose();
            },
            "interruption");
  }

  /** Notes when a signal ends the process. */
  public static Interruption onSignal() {
    return onSignal(() -> {});
  }

  /** Also calls {@code stop} then, from another thread. */
  public static Interruption onSignal(Runnable stop) {
    Interruption interruption = new Interruption(stop);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Whether a signal came. */
  public boolean requested() {
    return requested;
  }

  private void awaitClose() {
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
