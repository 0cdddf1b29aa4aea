package org.lanewise.ffi.opencl;

import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicBoolean;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.clSetEventCallback$pfn_notify;

/**
 * Links all functions on a thread of its own while the drivers are loaded, which takes as long: the
 * JVM needs a few milliseconds for each.
 */
final class Linking {
  private static final AtomicBoolean STARTED = new AtomicBoolean();

  private Linking() {}

  /** Starts to link, once in a process. The library is there. */
  static void start() {
    if (STARTED.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("opencl linking").start(Linking::linkAll);
    }
  }

  private static void linkAll() {
    clSetEventCallback$pfn_notify.descriptor();
    for (Method method : OpenCL.class.getMethods()) {
      if (method.getName().endsWith("$handle")) {
        try {
          method.invoke(null);
        } catch (ReflectiveOperationException missing) {
          return; // an old loader: whoever calls the function is told so
        }
      }
    }
  }
}
