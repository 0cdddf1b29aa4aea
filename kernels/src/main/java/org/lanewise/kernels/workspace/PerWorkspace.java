package org.lanewise.kernels.workspace;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Something of which each workspace has an instance of its own, made when it is first asked for.
 */
public final class PerWorkspace<T> {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final int number = COUNT.getAndIncrement();
  private final Supplier<T> supplier;

  private PerWorkspace(Supplier<T> supplier) {
    this.supplier = supplier;
  }

  /**
   * Something new.
   *
   * @param supplier makes an instance, and may ask {@link Workspace#current} for memory
   */
  public static <T> PerWorkspace<T> of(Supplier<T> supplier) {
    return new PerWorkspace<>(supplier);
  }

  /**
   * The instance of the workspace that the calling thread has entered.
   *
   * @throws IllegalStateException if it has entered none
   */
  public T get() {
    return in(Workspace.current());
  }

  /** The instance of a workspace that the calling thread has entered, at hand. */
  @SuppressWarnings("unchecked") // only create() sets what is at this number
  public T in(Workspace workspace) {
    T instance = (T) workspace.get(number);
    return instance != null ? instance : create(workspace);
  }

  private T create(Workspace workspace) {
    T instance = supplier.get();
    workspace.set(number, instance);
    return instance;
  }
}
