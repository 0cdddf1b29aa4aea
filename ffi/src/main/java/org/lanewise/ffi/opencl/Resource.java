package org.lanewise.ffi.opencl;

import java.lang.foreign.MemorySegment;

/** An object of OpenCL that its context owns: it is released once, and not used afterwards. */
abstract class Resource implements AutoCloseable {
  private final Context context;
  private final String kind;
  private final StackWalker.StackFrame madeAt;
  private MemorySegment handle;

  Resource(Context context, String kind, MemorySegment handle) {
    this.context = context;
    this.kind = kind;
    this.handle = handle;
    madeAt =
        StackWalker.getInstance()
            .walk(frames ->
                frames
                    .filter(frame ->
                        !frame.getClassName().startsWith(Resource.class.getPackageName() + ".")
                            || frame.getClassName().contains(".backend."))
                    .findFirst()
                    .orElse(null));
    context.add(this);
  }

  /**
   * OpenCL's handle.
   *
   * @throws IllegalStateException if this is closed
   */
  MemorySegment handle() {
    if (handle == null) {
      throw new IllegalStateException(kind + " is closed");
    }
    return handle;
  }

  final Context context() {
    return context;
  }

  /**
   * Throws if this was made with another context, which drivers need not notice.
   *
   * @throws IllegalArgumentException if so
   */
  final void requireOf(Context other) {
    if (context != other) {
      throw new IllegalArgumentException(this + " belongs to another context");
    }
  }

  /** Whether it has not been closed. */
  final boolean isOpen() {
    return handle != null;
  }

  /** Calls OpenCL's release function; its status. */
  abstract int release(MemorySegment handle);

  /** Releases it. Closing again does nothing. */
  @Override
  public void close() {
    if (handle != null) {
      MemorySegment released = handle;
      handle = null;
      context.remove(this);
      Status.check("releasing " + kind, release(released), context.device().toString());
    }
  }

  /** What it is and the line that made it. */
  @Override
  public String toString() {
    return kind + " made at " + madeAt;
  }
}
