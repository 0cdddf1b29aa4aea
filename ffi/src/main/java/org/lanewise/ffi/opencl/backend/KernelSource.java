package org.lanewise.ffi.opencl.backend;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.lanewise.kernels.scalar.MathConstants;

/**
 * The text of programs: a file with all that it includes, after what all of them need. It is plain
 * code, since a process waits for it before its first op: lambdas, regular expressions and formats
 * would take the JVM longer to start than all the rest.
 */
final class KernelSource {
  private static final String INCLUDE = "#include \"";

  private KernelSource() {}

  /** The text of a file among the kernels. */
  static String of(String file) {
    StringBuilder text = new StringBuilder();
    addConstants(text);
    Set<String> seen = new HashSet<>();
    add("prelude.cl", seen, text);
    add(file, seen, text);
    return text.toString();
  }

  /** Adds a file and, where it says so, others, each once. */
  private static void add(String file, Set<String> seen, StringBuilder text) {
    if (!seen.add(file)) {
      return;
    }
    String source = read(file);
    int from = 0;
    for (int at = source.indexOf(INCLUDE); at >= 0; at = source.indexOf(INCLUDE, from)) {
      int end = source.indexOf('"', at + INCLUDE.length());
      text.append(source, from, at);
      add(source.substring(at + INCLUDE.length(), end), seen, text);
      from = end + 1;
    }
    text.append(source, from, source.length());
  }

  private static String read(String file) {
    try (InputStream stream = KernelSource.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalArgumentException("no kernels in " + file);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * The coefficients of the elementary functions, as the host's kernels have them: Java writes as
   * many digits of a number as tell it from all others.
   */
  private static void addConstants(StringBuilder text) {
    for (Field constant : MathConstants.class.getFields()) {
      try {
        text.append("#define ").append(constant.getName()).append(' ').append(constant.get(null));
        text.append(constant.getType() == float.class ? "f\n" : "\n");
      } catch (IllegalAccessException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}
