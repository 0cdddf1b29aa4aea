package org.lanewise.kernels.workspace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What one thread's part of a call works with: an instance of each {@link PerWorkspace} that it
 * asks for. A thread takes a workspace for a call and gives it back after, so idle threads have
 * none, and calls that follow each other find what the ones before them allocated.
 *
 * <p>A bounded number of idle workspaces is kept. Of more calls at a time, the others get one that
 * is collected as garbage, as one is freed that has become large.
 */
public final class Workspace implements AutoCloseable {
  /** Idle workspaces that are kept, if so many calls have been under way at the same time. */
  static final int KEPT = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

  /** Bytes of a workspace that is kept: more than GEMM needs for all kinds of elements. */
  static final long KEPT_BYTES = 64L << 20;

  private static final AtomicReferenceArray<Workspace> POOL = new AtomicReferenceArray<>(KEPT);

  /** What a thread used last, and takes again if it is free: it is in this processor's cache. */
  private static final ThreadLocal<Workspace> LAST = new ThreadLocal<>();

  private static final VarHandle OWNER;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(Workspace.class, "owner", Thread.class);
    } catch (ReflectiveOperationException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The index in the pool, or −1. */
  private final int index;

  private final Arena arena;
  private final boolean collected;
  private Object[] instances = new Object[0];
  private long bytes;

  /** The thread that uses it, or null. */
  @SuppressWarnings("unused") // but by its handle
  private volatile Thread owner;

  /** How many times its owner has entered it. */
  private int depth;

  private Workspace(int index, boolean collected, Thread owner) {
    this.index = index;
    this.collected = collected;
    arena = collected ? Arena.ofAuto() : Arena.ofShared();
    OWNER.set(this, owner);
  }

  /**
   * Takes a workspace for a call, until it is closed: the same one within the call of another
   * kernel.
   */
  public static Workspace enter() {
    Thread thread = Thread.currentThread();
    Workspace workspace = LAST.get();
    if (workspace == null || !workspace.isOwnedBy(thread) && !workspace.take(thread)) {
      workspace = takeAnother(thread);
      LAST.set(workspace);
    }
    workspace.depth++;
    return workspace;
  }

  /** Makes a workspace for calls of the calling thread alone, until it is closed. */
  public static Workspace ofThread() {
    Workspace workspace = new Workspace(-1, false, Thread.currentThread());
    LAST.set(workspace);
    workspace.depth++;
    return workspace;
  }

  /**
   * The workspace that the calling thread has entered.
   *
   * @throws IllegalStateException if it has entered none
   */
  public static Workspace current() {
    Workspace workspace = LAST.get();
    if (workspace == null || !workspace.isOwnedBy(Thread.currentThread())) {
      throw new IllegalStateException("the thread has not entered a workspace");
    }
    return workspace;
  }

  private boolean isOwnedBy(Thread thread) {
    return OWNER.getOpaque(this) == thread;
  }

  private boolean take(Thread thread) {
    return OWNER.getOpaque(this) == null && OWNER.compareAndSet(this, null, thread);
  }

  private static Workspace takeAnother(Thread thread) {
    for (int i = 0; i < KEPT; i++) {
      Workspace workspace = POOL.get(i);
      if (workspace == null) {
        Workspace created = new Workspace(i, false, thread);
        if (POOL.compareAndSet(i, null, created)) {
          return created;
        }
      } else if (workspace.take(thread)) {
        return workspace;
      }
    }
    return new Workspace(-1, true, thread);
  }

  /** Memory that is there as long as the workspace is. */
  public MemorySegment allocate(long byteSize, long alignment) {
    bytes += byteSize;
    return arena.allocate(byteSize, alignment);
  }

  /** An array that is there as long as the workspace is. */
  public float[] floats(int length) {
    bytes += (long) length * Float.BYTES;
    return new float[length];
  }

  /** An array that is there as long as the workspace is. */
  public double[] doubles(int length) {
    bytes += (long) length * Double.BYTES;
    return new double[length];
  }

  Object get(int number) {
    return number < instances.length ? instances[number] : null;
  }

  void set(int number, Object instance) {
    if (number >= instances.length) {
      instances = Arrays.copyOf(instances, Math.max(number + 1, 2 * instances.length));
    }
    instances[number] = instance;
  }

  /** Gives it back, if its owner has left as often as it has entered. */
  @Override
  public void close() {
    if (--depth > 0) {
      return;
    }
    if (index >= 0 && bytes <= KEPT_BYTES) {
      OWNER.setRelease(this, null);
      return;
    }
    // It keeps its owner, so that no thread takes it that used it last.
    LAST.remove();
    if (index >= 0) {
      POOL.set(index, null);
    }
    if (!collected) {
      arena.close();
    }
  }
}
