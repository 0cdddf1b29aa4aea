package org.lanewise.ffi.opencl.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import org.lanewise.ffi.opencl.Device;
import org.lanewise.ffi.opencl.ProgramBinary;

/**
 * Compiled programs in a folder, a file each. Several processes may use it. What cannot be read or
 * written is compiled again.
 */
final class ProgramCache {
  private static final System.Logger LOG = System.getLogger(ProgramCache.class.getName());

  /** No program takes as much; a larger file is not read. */
  private static final long MAX_BYTES = 1L << 28;

  private final Path folder;

  ProgramCache(Path folder) {
    this.folder = folder;
  }

  /** The user's folder for such files. */
  static Path defaultFolder() {
    String set = System.getenv("XDG_CACHE_HOME");
    Path caches =
        set == null || set.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(set);
    return caches.resolve("lanewise").resolve("opencl");
  }

  /** What a program is told apart by: all that decides what a driver makes of it. */
  static String key(Device device, String source, String options) {
    return String.join(
        "\0", device.platform(), device.name(), device.version(), device.driver(), options, source);
  }

  /** What an earlier process compiled; nothing if there is none that is whole. */
  Optional<ProgramBinary> read(String key) {
    Path file = file(key);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        return Optional.empty();
      }
      return ProgramBinary.parse(Files.readAllBytes(file), key);
    } catch (IOException unreadable) {
      LOG.log(System.Logger.Level.DEBUG, "cannot read " + file, unreadable);
      return Optional.empty();
    }
  }

  /** Keeps a program. */
  void write(String key, ProgramBinary binary) {
    Path file = file(key);
    try {
      WholeFile.write(file, binary.toFile(key));
    } catch (IOException unwritable) {
      LOG.log(System.Logger.Level.DEBUG, "cannot write " + file, unwritable);
    }
  }

  /** Two programs of one name would only replace each other: a file holds its key. */
  private Path file(String key) {
    CRC32 name = new CRC32();
    name.update(key.getBytes(StandardCharsets.UTF_8));
    long both = name.getValue() << Integer.SIZE | Integer.toUnsignedLong(key.hashCode());
    return folder.resolve(Long.toHexString(both).concat(".bin"));
  }
}
