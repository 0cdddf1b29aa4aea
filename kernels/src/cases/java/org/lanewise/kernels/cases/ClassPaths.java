package org.lanewise.kernels.cases;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Class paths of JVMs that tests start. */
public final class ClassPaths {
  private ClassPaths() {}

  /** A class path with what holds the given classes. */
  public static String of(Class<?>... types) {
    return Stream.of(types).map(ClassPaths::rootOf).collect(Collectors.joining(File.pathSeparator));
  }

  /** The directory or jar of a class; a module's location is not that of its patches. */
  private static String rootOf(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String url = type.getResource("/" + name).toString();
    String root = url.substring(0, url.length() - name.length());
    if (root.startsWith("jar:")) {
      root = root.substring("jar:".length(), root.length() - "!/".length());
    }
    return Path.of(URI.create(root)).toString();
  }
}
