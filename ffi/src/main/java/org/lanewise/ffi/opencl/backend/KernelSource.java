package org.lanewise.ffi.opencl.backend;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lanewise.kernels.scalar.MathConstants;

/** The text of programs: a file with all that it includes, after what all of them need. */
final class KernelSource {
  private static final Pattern INCLUDE = Pattern.compile("#include \"(\\w+\\.cl)\"");

  private KernelSource() {}

  /** The text of a file among the kernels. */
  static String of(String file) {
    Set<String> seen = new HashSet<>();
    return constants() + expand("prelude.cl", seen) + expand(file, seen);
  }

  private static String expand(String file, Set<String> seen) {
    if (!seen.add(file)) {
      return "";
    }
    return INCLUDE
        .matcher(read(file))
        .replaceAll(match -> Matcher.quoteReplacement(expand(match.group(1), seen)));
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

  /** The coefficients of the elementary functions, as the host's kernels have them. */
  private static String constants() {
    return Stream.of(MathConstants.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(field -> "#define " + field.getName() + " " + literal(field) + "\n")
        .collect(Collectors.joining());
  }

  private static String literal(Field field) {
    try {
      return switch (field.get(null)) {
        case Float number -> Float.toHexString(number) + "f";
        case Double number -> Double.toHexString(number);
        case Integer number -> Integer.toString(number);
        case Object other -> throw new AssertionError(field + " is " + other);
      };
    } catch (IllegalAccessException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
