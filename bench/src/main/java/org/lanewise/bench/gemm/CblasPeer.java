package org.lanewise.bench.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
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
import java.util.Optional;
import org.lanewise.cli.UserException;

/** A native library with the C interface of the BLAS. */
@SuppressWarnings("restricted") // calling native libraries is what this is for
public final class CblasPeer implements Implementation {
  private static final Linker LINKER = Linker.nativeLinker();

  private final String name;
  private final SymbolLookup library;
  private final MethodHandle sgemm;
  private final MethodHandle dgemm;
  private final Optional<MethodHandle> setThreads;

  private CblasPeer(String name, String file, SymbolLookup library) {
    this.name = name;
    this.library = library;
    sgemm = function(file, "cblas_sgemm", CblasGemm.descriptor(JAVA_FLOAT));
    dgemm = function(file, "cblas_dgemm", CblasGemm.descriptor(JAVA_DOUBLE));
    setThreads = findSetThreads();
    bind();
  }

  /**
   * Loads a library.
   *
   * @param name a short name for it
   * @param file a path, or the name of a library that the system's loader finds
   */
  public static CblasPeer load(String name, String file) {
    try {
      Path path = Path.of(file);
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new IllegalArgumentException(); // the loader would wait for a pipe's writer
      }
      SymbolLookup library =
          file.contains("/") || Files.exists(path)
              ? SymbolLookup.libraryLookup(path.toAbsolutePath(), Arena.global())
              : SymbolLookup.libraryLookup(file, Arena.global());
      return new CblasPeer(name, file, library);
    } catch (IllegalArgumentException _) { // it does not tell more than this
      throw new UserException(
          file
              + (Files.exists(Path.of(file))
                  ? ": is not a library that loads"
                  : ": no such library"));
    }
  }

  private MethodHandle function(String file, String symbol, FunctionDescriptor descriptor) {
    return find(symbol, descriptor)
        .orElseThrow(() -> new UserException(file + ": has no function " + symbol));
  }

  private Optional<MethodHandle> find(String symbol, FunctionDescriptor descriptor) {
    return library.find(symbol).map(address -> LINKER.downcallHandle(address, descriptor));
  }

  /** OpenBLAS, MKL and BLIS, in that order, each have a function of their own. */
  private Optional<MethodHandle> findSetThreads() {
    return find("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT))
        .or(() -> find("MKL_Set_Num_Threads", FunctionDescriptor.ofVoid(JAVA_INT)))
        .or(() ->
            find("bli_thread_set_num_threads", FunctionDescriptor.ofVoid(JAVA_LONG))
                .map(CblasPeer::takingInt));
  }

  private static MethodHandle takingInt(MethodHandle takingLong) {
    return takingLong.asType(takingLong.type().changeParameterType(0, int.class));
  }

  /**
   * Calls both functions once. The loader looks up what a library calls at the first call, and
   * first of all in libraries that made their names global. MKL does that at its first call, so
   * that another one's {@code cblas_sgemm} would from then on call MKL's {@code sgemm_}.
   */
  private void bind() {
    try (Arena arena = Arena.ofShared()) {
      for (Type type : Type.values()) {
        product(Operands.random(Shape.dense(2, 2, 2, Trans.NN), type, arena)).run();
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  /** Whether {@link #setThreads} has an effect. */
  public boolean hasSettableThreads() {
    return setThreads.isPresent();
  }

  @Override
  public void setThreads(int threads) {
    if (setThreads.isPresent()) {
      try {
        setThreads.get().invokeExact(threads);
      } catch (Throwable failure) {
        throw new AssertionError(failure); // C does not throw
      }
    }
  }

  /** What OpenBLAS, BLIS or MKL says of its version. */
  public Optional<String> version() {
    FunctionDescriptor string = FunctionDescriptor.of(ADDRESS);
    return find("openblas_get_config", string)
        .or(() -> find("bli_info_get_version_str", string))
        .map(CblasPeer::text)
        .or(() ->
            find("MKL_Get_Version_String", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT))
                .map(CblasPeer::textInBuffer));
  }

  private static String text(MethodHandle returningString) {
    try {
      MemorySegment text = (MemorySegment) returningString.invokeExact();
      return text.reinterpret(Long.MAX_VALUE).getString(0).strip();
    } catch (Throwable failure) {
      throw new AssertionError(failure); // C does not throw
    }
  }

  private static String textInBuffer(MethodHandle fillingBuffer) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment buffer = arena.allocate(200);
      fillingBuffer.invokeExact(buffer, Math.toIntExact(buffer.byteSize() - 1));
      return buffer.getString(0).strip();
    } catch (Throwable failure) {
      throw new AssertionError(failure); // C does not throw
    }
  }

  @Override
  public Runnable product(Operands operands) {
    return CblasGemm.of(operands.type() == Type.F32 ? sgemm : dgemm, operands);
  }
}
