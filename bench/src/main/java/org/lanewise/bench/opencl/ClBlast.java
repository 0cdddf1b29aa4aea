package org.lanewise.bench.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.lanewise.cli.UserException;
import org.lanewise.ffi.opencl.Context;
import org.lanewise.ffi.opencl.DeviceMemory;
import org.lanewise.ffi.opencl.Queue;

/** Square matrix products by CLBlast, in the queue of a context. */
final class ClBlast {
  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANS = 111;
  private static final FunctionDescriptor SGEMM =
      FunctionDescriptor.of(
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG, // m, n, k
          JAVA_FLOAT,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG, // a, b
          JAVA_FLOAT,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          ADDRESS,
          ADDRESS); // c, queue, event

  private final MethodHandle sgemm;
  private final Queue queue;

  /** Where CLBlast finds the queue's handle. */
  private final MemorySegment handle = Arena.ofAuto().allocate(ADDRESS);

  private ClBlast(MethodHandle sgemm, Queue queue) {
    this.sgemm = sgemm;
    this.queue = queue;
  }

  /** Loads the library from a file. */
  @SuppressWarnings("restricted") // the user asks for it by name
  static ClBlast load(String file, Context context) {
    Path path = Path.of(file);
    if (Files.exists(path) && !Files.isRegularFile(path)) { // the loader would wait for a pipe
      throw new UserException("--clblast: '%s' is not a file".formatted(file));
    }
    try {
      SymbolLookup library = SymbolLookup.libraryLookup(file, Arena.global());
      return new ClBlast(
          Linker.nativeLinker().downcallHandle(library.findOrThrow("CLBlastSgemm"), SGEMM),
          context.queue());
    } catch (IllegalArgumentException missing) {
      throw new UserException("--clblast: cannot load '%s'".formatted(file));
    } catch (NoSuchElementException missing) {
      throw new UserException("--clblast: '%s' has no CLBlastSgemm".formatted(file));
    }
  }

  /** {@code C = A·B} of matrices of n rows. */
  void multiply(long n, DeviceMemory a, DeviceMemory b, DeviceMemory c) {
    queue.enqueue(queueHandle -> {
      handle.set(ADDRESS, 0, queueHandle);
      int status = sgemm(n, a, b, c);
      if (status != 0) {
        throw new IllegalStateException("CLBlastSgemm returned " + status);
      }
    });
  }

  private int sgemm(long n, DeviceMemory a, DeviceMemory b, DeviceMemory c) {
    try {
      return (int)
          sgemm.invokeExact(
              ROW_MAJOR,
              NO_TRANS,
              NO_TRANS,
              n,
              n,
              n,
              1f,
              a.handle(),
              0L,
              n,
              b.handle(),
              0L,
              n,
              0f,
              c.handle(),
              0L,
              n,
              handle,
              MemorySegment.NULL);
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new AssertionError(failure); // C does not throw
    }
  }
}
