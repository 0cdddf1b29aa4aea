package org.lanewise.kernels.parallel;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.lanewise.kernels.workspace.Workspace;

/**
 * A fixed set of threads that run the parts of one task at a time.
 *
 * <p>The calling thread is one of them: a pool of {@code n} threads starts {@code n − 1} daemon
 * workers, when the first task with several parts arrives; if the system refuses some, the pool
 * makes do with those that it has. Each thread claims parts from a share of its own, the same in
 * each call, since what it computed the last time may still be in its cache; and when those are
 * gone, from the shares of others. So nothing waits for a thread that does not run, unless it has
 * begun with a part. What a part computes must not depend on the number of parts, and then results
 * do not depend on the pool.
 *
 * <p>A worker spins for some time after its last part, since the next task of a training step
 * follows at once, and then parks. {@link #run} allocates nothing. It may be called from any
 * thread; while the pool is busy, which includes calls from within a part, all parts run on the
 * calling thread.
 */
public final class WorkerPool implements AutoCloseable {
  /** A computation in independent parts. */
  @FunctionalInterface
  public interface Task {
    /** Runs part {@code part} of {@code parts}; different parts run at the same time. */
    void run(int part, int parts);
  }

  /** Is told what each thread did of a task. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * A thread has run parts of a task, and no more of them are left. Called on that thread, before
     * the task ends; must be quick, and not throw.
     *
     * @param thread its number, from 0, which is the caller's
     * @param parts how many, at least 1
     * @param start when it looked for the first one, by {@link System#nanoTime}
     * @param end when the last one had ended, by the same clock
     */
    void ran(int thread, int parts, long start, long end);
  }

  private static final int MAX_THREADS = 1024;

  /**
   * How long a thread spins before it parks: longer than the gap between two kernels of one step,
   * and short beside the time for which a system lets another process run in its place.
   */
  private static final long SPIN_NANOS = 50_000;

  /** Looks at the clock cost as much as this many spins. */
  private static final int SPINS_PER_LOOK = 16;

  /**
   * Parts for each thread. More of them share out the work better when a thread is late; fewer have
   * less to do twice.
   */
  private static final int PARTS_PER_THREAD = 4;

  /** Distance of the threads' shares, so that no two are in one cache line or pair of them. */
  private static final int STRIDE = 16;

  private final ReentrantLock owner = new ReentrantLock();
  private final int threads;

  /**
   * The share of each thread, the caller's first: in the upper half the number of the task, in the
   * lower half how many of its parts nobody has claimed. So a claim fails if it is for a task that
   * has ended.
   */
  private final AtomicLongArray shares;

  private final AtomicInteger finished = new AtomicInteger();

  // The task; whoever has claimed a part of it can rely on these
  private Task task;
  private int parts;
  private int sharers;

  private int number;
  private volatile Throwable failure;
  private volatile Thread waiter;
  private volatile Worker[] workers;
  private volatile boolean closed;
  private volatile Watcher watcher;

  /**
   * A pool of its own.
   *
   * @param threads number of threads, the caller's included, 1 to 1024
   * @throws IllegalArgumentException if it is outside that range
   */
  public WorkerPool(int threads) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "threads must be in 1..%d but is %d".formatted(MAX_THREADS, threads));
    }
    this.threads = threads;
    shares = new AtomicLongArray(threads * STRIDE);
  }

  /**
   * The pool that the static entry points use: as many threads as the system property {@code
   * lanewise.threads} says, or else as the JVM has processors, but no more than 1024.
   *
   * @throws IllegalStateException if the property is not a number from 1 to 1024
   */
  public static WorkerPool shared() {
    WorkerPool pool = Shared.POOL;
    if (pool == null) {
      throw new IllegalStateException(
          "the system property %s must be a number in 1..%d but is '%s'"
              .formatted(Shared.PROPERTY, MAX_THREADS, Shared.SETTING));
    }
    return pool;
  }

  /** The shared pool, or null if its setting is wrong; what a class cannot throw more than once. */
  private static final class Shared {
    static final String PROPERTY = "lanewise.threads";
    static final String SETTING = System.getProperty(PROPERTY);
    static final WorkerPool POOL = create();

    private static WorkerPool create() {
      if (SETTING == null) {
        return new WorkerPool(Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS));
      }
      try {
        return new WorkerPool(Integer.parseInt(SETTING));
      } catch (IllegalArgumentException wrong) {
        return null;
      }
    }
  }

  /** Number of threads that a task can run on, the caller's included. */
  public int threads() {
    return threads;
  }

  /**
   * Has a watcher told of all tasks to come that more than one thread may run.
   *
   * @param watcher or null, for none
   */
  public void watch(Watcher watcher) {
    this.watcher = watcher;
  }

  /**
   * In how many parts to divide a task for this pool.
   *
   * @param worthwhile how many parts are large enough to be worth waking a thread for
   * @return at most that, and some for each thread, all as many, if there are more than threads
   */
  public int parts(long worthwhile) {
    if (worthwhile < threads || threads == 1) {
      return Math.clamp(worthwhile, 1, threads);
    }
    int perThread = (int) Math.min(PARTS_PER_THREAD, worthwhile / threads);
    return Integer.highestOneBit(perThread) * threads;
  }

  /**
   * Runs all parts of a task and returns when the last one has ended. If one throws, those that
   * have not begun are left out.
   *
   * @throws IllegalStateException if the pool is closed
   * @throws RuntimeException or what else a part threw (the first seen, if several)
   */
  public void run(int parts, Task task) {
    requireOpen();
    boolean interrupted = Thread.currentThread().isInterrupted();
    try {
      if (parts <= 1 || threads == 1 || owner.isHeldByCurrentThread() || !owner.tryLock()) {
        for (int part = 0; part < parts; part++) {
          task.run(part, parts);
        }
        return;
      }
      try {
        runOnAll(parts, task);
      } finally {
        owner.unlock();
      }
    } catch (IllegalStateException thrown) {
      if (!interrupted && ClosedMemory.isCauseOf(thrown)) {
        Thread.interrupted();
      }
      throw thrown;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the worker pool is closed");
    }
  }

  private void runOnAll(int parts, Task task) {
    Worker[] workers = startedWorkers();
    int sharers = Math.min(parts, workers.length + 1);
    this.task = task;
    this.parts = parts;
    this.sharers = sharers;
    failure = null;
    finished.setPlain(0);
    number++;
    for (int i = 0; i < sharers; i++) {
      int size = end(i, parts, sharers) - end(i - 1, parts, sharers);
      shares.setRelease(i * STRIDE, (long) number << Integer.SIZE | size);
    }
    VarHandle.fullFence(); // a worker that does not see its share by now shows that it parks
    for (int i = 1; i < sharers; i++) {
      workers[i - 1].wake();
    }
    work(0);
    awaitClaimed(parts);
    this.task = null;
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      WorkerPool.<RuntimeException>rethrow(thrown);
    }
  }

  /** Where a share of the parts ends. */
  private static int end(int share, int parts, int sharers) {
    return (int) ((share + 1L) * parts / sharers);
  }

  /** Throws anything, also a checked exception, which generics let pass. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private Worker[] startedWorkers() {
    Worker[] workers = this.workers;
    if (workers == null) {
      workers = new Worker[threads - 1];
      int started = 0;
      try {
        while (started < workers.length) {
          workers[started] = new Worker(started + 1);
          workers[started].start();
          started++;
        }
      } catch (OutOfMemoryError refused) { // so says Java also if there are too many threads
        workers = Arrays.copyOf(workers, started);
      }
      this.workers = workers;
      if (closed) {
        wakeAll(workers);
      }
    }
    return workers;
  }

  /** Runs parts until all are claimed, beginning with the share of a thread. */
  private void work(int thread) {
    int ran = 0;
    Watcher watcher = this.watcher;
    long start = watcher == null ? 0 : System.nanoTime();
    // A worker that is late may read here what belongs to another task. That one does not need it.
    int sharers = this.sharers;
    for (int i = 0; i < sharers; i++) {
      int share = thread + i < sharers ? thread + i : (thread + i) % sharers;
      int left;
      while ((left = claim(share)) > 0) {
        ran++;
        runPart(end(share, this.parts, this.sharers) - left);
      }
    }
    if (ran > 0) {
      if (watcher != null) {
        watcher.ran(thread, ran, start, System.nanoTime());
      }
      finished.addAndGet(ran);
      LockSupport.unpark(waiter);
    }
  }

  /** Claims a part of a share, and returns how many were left before, or 0. */
  private int claim(int share) {
    long before;
    do {
      before = shares.get(share * STRIDE);
    } while ((int) before > 0 && !shares.compareAndSet(share * STRIDE, before, before - 1));
    return (int) before;
  }

  private void runPart(int part) {
    if (failure == null) {
      try {
        task.run(part, parts);
      } catch (Throwable thrown) { // anything, or the caller would wait for ever
        failure = thrown;
      }
    }
  }

  /** Waits for the parts that workers have claimed. */
  private void awaitClaimed(int parts) {
    long begin = 0;
    boolean interrupted = false;
    for (int spin = 1; finished.get() < parts; spin++) {
      if (spin % SPINS_PER_LOOK != 0) {
        Thread.onSpinWait();
      } else if (begin == 0) {
        begin = System.nanoTime();
      } else if (System.nanoTime() - begin > SPIN_NANOS) {
        waiter = Thread.currentThread();
        if (finished.get() < parts) {
          LockSupport.park(this);
        }
        waiter = null;
        interrupted |= Thread.interrupted(); // with which it would park no more
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends the workers, when they are through with a task that is running, and frees their memory. It
   * does not wait for that, and may be called from within a part. Later calls of {@link #run}
   * throw; closing again does nothing.
   *
   * @throws IllegalStateException if it is the shared pool
   */
  @Override
  public void close() {
    if (this == Shared.POOL) {
      throw new IllegalStateException("the shared worker pool cannot be closed");
    }
    closed = true;
    Worker[] workers = this.workers;
    if (workers != null) {
      wakeAll(workers);
    }
  }

  private static void wakeAll(Worker[] workers) {
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private final class Worker extends Thread {
    private final int index;
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
      try (Workspace _ = Workspace.ofThread()) {
        int seen = 0;
        while (awaitTask(seen)) {
          seen = numberOfTask();
          work(index);
        }
      }
    }

    /** Returns false when the pool is closed. */
    private boolean awaitTask(int seen) {
      long begin = 0;
      for (int spin = 1; numberOfTask() == seen; spin++) {
        if (closed) {
          return false;
        }
        if (spin % SPINS_PER_LOOK != 0) {
          Thread.onSpinWait();
        } else if (begin == 0) {
          begin = System.nanoTime();
        } else if (System.nanoTime() - begin > SPIN_NANOS) {
          parked = true;
          if (numberOfTask() == seen && !closed) {
            Thread.interrupted(); // what a task has left behind would not let it park
            LockSupport.park(WorkerPool.this);
          }
          parked = false;
        }
      }
      return true;
    }

    private int numberOfTask() {
      return (int) (shares.get(index * STRIDE) >>> Integer.SIZE);
    }
  }
}
