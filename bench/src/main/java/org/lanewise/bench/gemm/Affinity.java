package org.lanewise.bench.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Which threads may run on which processors, on Linux; elsewhere nothing happens.
 *
 * <p>Linux may wake a thread up on the processor of the one that waits for it. On virtual machines
 * that pack their work on few processors, both then stay there for seconds, and a product on two
 * threads takes two to sixty times as long, whoever's it is. So the thread that calls for products
 * gets a processor to itself, of which all others are kept off.
 */
public final class Affinity {
  private static final Path THREADS = Path.of("/proc/self/task");
  private static final long MASK_BYTES = 128; // 1,024 processors, as in C's cpu_set_t

  private static final MethodHandle GET_THREAD = find("gettid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle GET =
      find("sched_getaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
  private static final MethodHandle SET =
      find("sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));

  /** The processors that this process may use; none if they cannot be told. */
  private static final int[] ALLOWED = allowed();

  private static final MemorySegment ALL = mask(ALLOWED);
  private static final MemorySegment ALL_BUT_FIRST = mask(Arrays.stream(ALLOWED).skip(1).toArray());
  private static final List<MemorySegment> SINGLE =
      Arrays.stream(ALLOWED).mapToObj(Affinity::mask).toList();

  private Affinity() {}

  @SuppressWarnings("restricted")
  private static MethodHandle find(String function, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    return library
        .find(function)
        .map(address -> linker.downcallHandle(address, descriptor))
        .orElse(null);
  }

  private static int[] allowed() {
    if (GET_THREAD == null || GET == null || SET == null || !Files.isDirectory(THREADS)) {
      return new int[0];
    }
    MemorySegment mask = mask();
    try {
      int _ = (int) GET.invokeExact(0, MASK_BYTES, mask);
    } catch (Throwable failure) {
      throw new AssertionError(failure); // C does not throw
    }
    return BitSet.valueOf(mask.toArray(JAVA_BYTE)).stream().toArray();
  }

  private static MemorySegment mask(int... processors) {
    BitSet bits = new BitSet();
    Arrays.stream(processors).forEach(bits::set);
    MemorySegment mask = Arena.global().allocate(MASK_BYTES, Long.BYTES);
    mask.copyFrom(MemorySegment.ofArray(bits.toByteArray()));
    return mask;
  }

  /**
   * Moves the current thread to the first processor and all others off it. From there the current
   * thread may go anywhere, as may the threads that a library starts from it.
   */
  public static void separateCaller() {
    if (ALLOWED.length < 2) {
      return;
    }
    int caller = currentThread();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        int id = Integer.parseInt(thread.getFileName().toString());
        if (id != caller) {
          set(id, ALL_BUT_FIRST);
        }
      }
    } catch (IOException _) {
      return; // then without
    }
    set(caller, SINGLE.getFirst());
    set(caller, ALL);
  }

  /** Keeps the current thread on the processor of that number, modulo how many there are. */
  static void stayOn(int number) {
    if (ALLOWED.length >= 2) {
      set(currentThread(), SINGLE.get(number % ALLOWED.length));
    }
  }

  private static int currentThread() {
    try {
      return (int) GET_THREAD.invokeExact();
    } catch (Throwable failure) {
      throw new AssertionError(failure); // C does not throw
    }
  }

  private static void set(int thread, MemorySegment mask) {
    try {
      int _ = (int) SET.invokeExact(thread, MASK_BYTES, mask); // fails if it has just ended
    } catch (Throwable failure) {
      throw new AssertionError(failure); // C does not throw
    }
  }
}
