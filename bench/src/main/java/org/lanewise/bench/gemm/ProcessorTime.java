package org.lanewise.bench.gemm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** How long the threads of this process have run, all together: C's {@code clock()}. */
final class ProcessorTime {
  private static final MethodHandle CLOCK = clock();

  private ProcessorTime() {}

  @SuppressWarnings("restricted")
  private static MethodHandle clock() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("clock"), FunctionDescriptor.of(JAVA_LONG));
  }

  /** Microseconds, which POSIX says is the clock's unit. The system counts some ms late. */
  static long micros() {
    try {
      return (long) CLOCK.invokeExact();
    } catch (Throwable failure) {
      throw new AssertionError(failure); // C does not throw
    }
  }
}
