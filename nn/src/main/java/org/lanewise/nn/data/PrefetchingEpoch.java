package org.lanewise.nn.data;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * An epoch that another thread reads ahead, so that the time that reading takes is hidden behind
 * that of the steps. The thread is a daemon that inherits neither the context class loader nor
 * variables of the one that trains, and ends with the epoch, when it is interrupted, or when the
 * epoch is closed: then the data set is read no more.
 */
final class PrefetchingEpoch implements Epoch {
  private final BlockingQueue<Batch> free;
  private final BlockingQueue<Result> ready;
  private final Thread reader;
  private Batch current;
  private boolean ended;
  private volatile boolean closed;

  /** A batch, or null at the end, or why there is none. There is room for all that can be ready. */
  private record Result(Batch batch, Throwable failure) {}

  PrefetchingEpoch(ReadingEpoch epoch, int ahead) {
    free = new ArrayBlockingQueue<>(ahead + 1);
    ready = new ArrayBlockingQueue<>(ahead + 2);
    for (int i = 0; i <= ahead; i++) {
      free.add(epoch.newBatch());
    }
    reader =
        Thread.ofPlatform()
            .daemon()
            .inheritInheritableThreadLocals(false) // nor the context class loader
            .name("lanewise-batches")
            .start(() -> read(epoch));
  }

  private void read(ReadingEpoch epoch) {
    try {
      while (!closed) {
        Batch batch = free.take();
        boolean isThere = epoch.next(batch);
        ready.add(new Result(isThere ? batch : null, null));
        if (!isThere) {
          return;
        }
      }
    } catch (Throwable failure) { // the training's thread throws it, unless it closed the epoch
      ready.add(new Result(null, failure));
    }
  }

  @Override
  public Batch next() {
    if (ended) {
      return null;
    }
    if (current != null) {
      free.add(current);
      current = null;
    }
    Result result = take();
    current = result.batch;
    ended = current == null;
    switch (result.failure) {
      case null -> {}
      case RuntimeException failure -> throw failure;
      case Error failure -> throw failure;
      case InterruptedException interrupt ->
          throw new IllegalStateException("the thread that reads ahead was interrupted", interrupt);
      default ->
          throw new IllegalStateException("a data set threw " + result.failure, result.failure);
    }
    return current;
  }

  /** Waits for a batch: reading is as much part of a step as computing. */
  private Result take() {
    return uninterruptibly(ready::take);
  }

  @Override
  public void close() {
    ended = true;
    closed = true;
    reader.interrupt();
    uninterruptibly(() -> {
      reader.join();
      return null;
    });
  }

  private interface Waiting<T> {
    T get() throws InterruptedException;
  }

  /** Waits without an end; an interrupt that comes meanwhile is for later. */
  private static <T> T uninterruptibly(Waiting<T> waiting) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return waiting.get();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
