package org.lanewise.kernels;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Calls of all public methods of the kernels, found by reflection, with {@link HostileArguments}.
 * Each has to end, normally or with one of the documented exceptions, and writes nothing beside the
 * memory that it may write; nothing at all if it refuses its arguments.
 */
final class HostileCalls {
  private static final int PATIENCE_SECONDS = 60;

  private final List<Method> kernels = kernels();

  /** Calls that were accepted. */
  private int accepted;

  /**
   * Makes some calls, each of a seed of its own.
   *
   * @return how many of them were accepted
   */
  int run(long firstSeed, int calls) throws InterruptedException {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    HostileArguments arguments = new HostileArguments();
    for (long seed = firstSeed; seed < firstSeed + calls; seed++) {
      Method kernel = kernels.get((int) Math.floorMod(seed, (long) kernels.size()));
      String call = "%s of seed %d".formatted(kernel, seed);
      long callSeed = seed;
      try {
        thread
            .submit(() -> check(kernel, arguments, callSeed))
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException hangs) {
        throw new AssertionError("hangs: " + call, hangs);
      } catch (ExecutionException wrong) {
        throw new AssertionError(call, wrong.getCause());
      }
    }
    thread.shutdown();
    arguments.close();
    return accepted;
  }

  private void check(Method kernel, HostileArguments arguments, long seed) {
    arguments.begin(seed);
    boolean refused = true;
    try {
      Object receiver = arguments.receiver(kernel);
      Object result = HostileArguments.call(kernel, receiver, arguments.of(kernel));
      refused = false;
      accepted++;
      for (Object closeable : Arrays.asList(receiver, result)) {
        if (closeable instanceof PackedMatrix matrix) {
          matrix.close();
        }
      }
    } catch (IllegalArgumentException documented) {
      require(documented.getMessage() != null, "says why");
    } catch (NullPointerException documented) {
      require(arguments.anyNull(), "throws NullPointerException for a null argument only");
    } catch (IllegalStateException documented) {
      require(arguments.anyClosed(), "throws IllegalStateException for a closed arena only");
      refused = false;
    } catch (
        IndexOutOfBoundsException documented) { // a label or index, which a kernel comes across
      refused = false;
    }
    require(!refused || arguments.isAsBefore(), "writes nothing if it refuses arguments");
    require(!refused || arguments.arraysAreAsBefore(), "writes no array if it refuses arguments");
    require(arguments.restoreWritable(), "writes only to its arguments");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("does not hold: " + what);
    }
  }

  /** The public methods of the public classes of both packages. */
  static List<Method> kernels() {
    List<Method> kernels = new ArrayList<>();
    try {
      Path classes =
          Path.of(Attention.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (String folder : new String[] {"org/lanewise/kernels", "org/lanewise/kernels/arrays"}) {
        try (Stream<Path> files = Files.list(classes.resolve(folder))) {
          files
              .map(file -> classes.relativize(file).toString())
              .filter(name -> name.endsWith(".class") && !name.contains("-info"))
              .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
              .map(HostileCalls::publicMethods)
              .forEach(kernels::addAll);
        }
      }
    } catch (IOException | URISyntaxException unreadable) {
      throw new AssertionError(unreadable);
    }
    kernels.sort(Comparator.comparing(Method::toString));
    return kernels;
  }

  private static List<Method> publicMethods(String className) {
    try {
      Class<?> type = Class.forName(className);
      if (!Modifier.isPublic(type.getModifiers()) || type.isMemberClass()) {
        return List.of();
      }
      return Stream.of(type.getDeclaredMethods())
          .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic())
          .filter(m -> !m.getName().equals("close"))
          .toList();
    } catch (ClassNotFoundException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
