package org.lanewise.ffi.opencl.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import org.lanewise.ffi.opencl.Device;
import org.lanewise.ffi.opencl.ProgramBinary;
import org.lanewise.kernels.backend.BackendUnavailableException;

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

  /**
   * The user's folder for such files. Relative paths count as not set, as the XDG Base Directory
   * Specification has it; Java gives the home of a user that has none as "?".
   *
   * @param caches what XDG_CACHE_HOME says, or null
   * @param home the user's home folder
   * @throws BackendUnavailableException if neither is of use
   */
  static Path defaultFolder(String caches, String home) {
    Path folder = Path.of(caches == null ? "" : caches);
    if (!folder.isAbsolute()) {
      folder = Path.of(home, ".cache");
    }
    if (!folder.isAbsolute()) {
      throw new BackendUnavailableException(
          "no home folder for compiled programs (user.home is '%s'): set lanewise.opencl.cache"
              .formatted(home));
    }
    return folder.resolve("lanewise").resolve("opencl");
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
