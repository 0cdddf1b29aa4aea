package org.lanewise.kernels.parallel;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fixed set of threads that run the parts of one task at a time.
 *
 * <p>The calling thread is one of them: a pool of {@code n} threads starts {@code n − 1} daemon
 * workers, when the first task with several parts arrives. Part {@code i} always runs on thread
 * {@code i mod n}, so which memory a thread touches does not change between calls; what a part
 * computes must not depend on the number of parts, and then results do not depend on the pool.
 *
 * <p>A worker spins for some hundred microseconds after its last task, since the next one of a
 * training step follows at once, and then parks. {@link #run} allocates nothing. It may be called
 * from any thread; while the pool is busy, which includes calls from within a part, all parts run
 * on the calling thread.
 */
public final class WorkerPool implements AutoCloseable {
  /** A computation in independent parts. */
  @FunctionalInterface
  public interface Task {
    /** Runs part {@code part} of {@code parts}; different parts run at the same time. */
    void run(int part, int parts);
  }

  /** Some hundred µs of spinning: longer than the gap between two kernels of one step. */
  private static final int SPINS = 20_000;

  private final ReentrantLock owner = new ReentrantLock();
  private final AtomicInteger unfinished = new AtomicInteger();
  private final int threads;
  private Worker[] workers;
  private Task task;
  private int parts;
  private volatile int generation;
  private volatile Throwable failure;
  private volatile Thread waiter;
  private volatile boolean closed;

  /**
   * A pool of its own.
   *
   * @param threads number of threads, the caller's included, 1 to 1024
   * @throws IllegalArgumentException if it is outside that range
   */
  public WorkerPool(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("threads must be in 1..1024 but is " + threads);
    }
    this.threads = threads;
  }

  /**
   * The pool that the static entry points use: as many threads as the system property {@code
   * lanewise.threads} says, or else as the JVM has processors.
   */
  public static WorkerPool shared() {
    return Shared.POOL;
  }

  /**
   * An arena for memory that only the calling thread needs, as long as it lives: that of a worker
   * is closed when the worker ends, that of another thread some time after.
   */
  public static Arena arenaOfThread() {
    return Thread.currentThread() instanceof Worker worker ? worker.arena : Arena.ofAuto();
  }

  private static final class Shared {
    static final WorkerPool POOL =
        new WorkerPool(
            Integer.getInteger("lanewise.threads", Runtime.getRuntime().availableProcessors()));
  }

  /** Number of threads that a task can run on, the caller's included. */
  public int threads() {
    return threads;
  }

  /**
   * Runs all parts of a task and returns when the last one has ended.
   *
   * @throws IllegalStateException if the pool is closed
   * @throws RuntimeException or an {@link Error}, what a part threw (the first seen, if several)
   */
  public void run(int parts, Task task) {
    requireOpen();
    if (parts <= 1 || threads == 1 || owner.isHeldByCurrentThread() || !owner.tryLock()) {
      for (int part = 0; part < parts; part++) {
        task.run(part, parts);
      }
      return;
    }
    try {
      requireOpen(); // it may have been closed before we took the lock
      runOnAll(parts, task);
    } finally {
      owner.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the worker pool is closed");
    }
  }

  private void runOnAll(int parts, Task task) {
    startWorkers();
    this.task = task;
    this.parts = parts;
    failure = null;
    unfinished.set(workers.length);
    generation++; // publishes the fields above
    for (Worker worker : workers) {
      worker.wake();
    }
    runParts(0);
    awaitWorkers();
    this.task = null;
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }

  private void startWorkers() {
    if (workers == null) {
      Worker[] started = new Worker[threads - 1];
      try {
        for (int i = 0; i < started.length; i++) {
          started[i] = new Worker(i + 1);
          started[i].start();
        }
      } catch (Throwable noMoreThreads) {
        closed = true; // ends those that did start
        throw noMoreThreads;
      }
      workers = started;
    }
  }

  private void runParts(int first) {
    try {
      for (int part = first; part < parts; part += threads) {
        task.run(part, parts);
      }
    } catch (RuntimeException | Error thrown) {
      failure = thrown;
    }
  }

  private void awaitWorkers() {
    for (int spin = 0; unfinished.get() > 0; spin++) {
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        waiter = Thread.currentThread();
        if (unfinished.get() > 0) {
          LockSupport.park(this);
        }
        waiter = null;
      }
    }
  }

  /**
   * Ends the workers and frees their memory. Later calls of {@link #run} throw; closing again does
   * nothing.
   */
  @Override
  public void close() {
    if (this == Shared.POOL) {
      throw new IllegalStateException("the shared worker pool cannot be closed");
    }
    owner.lock();
    try {
      closed = true;
      if (workers != null) {
        for (Worker worker : workers) {
          LockSupport.unpark(worker);
        }
      }
    } finally {
      owner.unlock();
    }
  }

  private final class Worker extends Thread {
    private final int index;
    private final Arena arena = Arena.ofShared();
    private volatile boolean parked;

    Worker(int index) {
      super("lanewise-worker-" + index);
      this.index = index;
      setDaemon(true);
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      try (arena) {
        int seen = 0;
        while (awaitGeneration(seen)) {
          seen = generation;
          runParts(index);
          if (unfinished.decrementAndGet() == 0) {
            LockSupport.unpark(waiter);
          }
        }
      }
    }

    /** Returns false when the pool is closed. */
    private boolean awaitGeneration(int seen) {
      for (int spin = 0; generation == seen; spin++) {
        if (closed) {
          return false;
        }
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          parked = true;
          if (generation == seen && !closed) {
            LockSupport.park(WorkerPool.this);
            // The JVM interrupts a thread whose memory is closed under way; it would park no more.
            Thread.interrupted();
          }
          parked = false;
        }
      }
      return true;
    }
  }
}
