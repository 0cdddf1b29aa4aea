package org.lanewise.nn.data;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * An epoch that another thread reads ahead. The thread ends with the epoch, or when it is closed:
 * then the data set is read no more.
 */
final class PrefetchingEpoch implements Epoch {
  private final BlockingQueue<Batch> free;
  private final BlockingQueue<Result> ready;
  private final Thread reader;
  private Batch current;
  private boolean ended;
  private volatile boolean closed;

  /** A batch, or null at the end, or why there is none. */
  private record Result(Batch batch, Throwable failure) {}

  PrefetchingEpoch(ReadingEpoch epoch, int ahead) {
    free = new ArrayBlockingQueue<>(ahead + 1);
    ready = new ArrayBlockingQueue<>(ahead + 2);
    for (int i = 0; i <= ahead; i++) {
      free.add(epoch.newBatch());
    }
    reader = Thread.ofPlatform().daemon().name("lanewise-batches").start(() -> read(epoch));
  }

  private void read(ReadingEpoch epoch) {
    try {
      while (!closed) {
        Batch batch = free.take();
        boolean isThere = epoch.next(batch);
        ready.put(new Result(isThere ? batch : null, null));
        if (!isThere) {
          return;
        }
      }
    } catch (InterruptedException _) {
      // closed: nobody waits for a batch any more
    } catch (Throwable failure) { // the training's thread throws it
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
