package org.lanewise.bench.gemm;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.lanewise.cli.UserException;
import org.lanewise.nn.io.AtomicFile;

/** Native libraries in a jar on the class path, which are unpacked to be loaded. */
final class ClassPathLibraries {
  private static final String PROPERTY = "lanewise.natives";

  private ClassPathLibraries() {}

  /**
   * The folder that they are unpacked to. An empty property counts as not set, as does a relative
   * XDG_CACHE_HOME; Java gives the home of a user that has none as "?".
   *
   * @param natives what the system property lanewise.natives says, or null
   * @param caches what XDG_CACHE_HOME says, or null
   * @param home the user's home folder
   * @throws UserException if none is of use
   */
  static Path cache(String natives, String caches, String home) {
    if (natives != null && !natives.isEmpty()) {
      return Path.of(natives);
    }
    Path folder = Path.of(caches == null ? "" : caches);
    if (!folder.isAbsolute()) {
      folder = Path.of(home, ".cache");
    }
    if (!folder.isAbsolute()) {
      throw new UserException(
          "no home folder for native libraries (user.home is '%s'): set %s"
              .formatted(home, PROPERTY));
    }
    return folder.resolve("lanewise");
  }

  /**
   * Unpacks libraries and loads them one after the other. Those that a library needs come before
   * it: the loader takes them by name from what is loaded, else it would search the system.
   *
   * @param folder their folder on the class path, with a slash at the end
   * @return the path of the last one
   */
  static Path load(String folder, String... libraries) {
    Path last = null;
    for (String library : libraries) {
      last = unpack(folder, library);
      load(last);
    }
    return last;
  }

  @SuppressWarnings("restricted")
  private static void load(Path library) {
    try {
      SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException _) {
      throw new UserException(library + ": does not load on this machine");
    }
  }

  /** Unpacks a library unless that is done, and returns its path. */
  static Path unpack(String folder, String library) {
    Path cache =
        cache(
            System.getProperty(PROPERTY),
            System.getenv("XDG_CACHE_HOME"),
            System.getProperty("user.home"));
    return unpack(cache, folder, library);
  }

  /**
   * Unpacks a library.
   *
   * @param cache the folder that has a folder for each on the class path
   */
  static Path unpack(Path cache, String folder, String library) {
    URL resource = ClassPathLibraries.class.getClassLoader().getResource(folder + library);
    if (resource == null) {
      throw new UserException(library + " is not on the class path");
    }
    Path target = cache.resolve(folder).resolve(library);
    try {
      JarURLConnection connection = (JarURLConnection) resource.openConnection();
      JarEntry entry = connection.getJarEntry();
      if (!isUnpacked(entry, target)) {
        try (InputStream input = connection.getInputStream()) {
          AtomicFile.write(target, input::transferTo); // another process may be doing the same
        }
      }
      return target;
    } catch (IOException failure) {
      throw new UserException("cannot unpack %s to %s: %s".formatted(library, target, failure));
    }
  }

  private static boolean isUnpacked(JarEntry entry, Path file) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == entry.getSize()
        && checksum(file) == entry.getCrc();
  }

  private static long checksum(Path file) throws IOException {
    CRC32 checksum = new CRC32();
    try (InputStream input = new CheckedInputStream(Files.newInputStream(file), checksum)) {
      byte[] buffer = new byte[1 << 16];
      while (input.read(buffer) >= 0) {
        // reading is what sums it up
      }
    }
    return checksum.getValue();
  }
}
