package org.lanewise.ffi.opencl.backend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.lanewise.ffi.opencl.Device;

/**
 * What was measured on a device, in the folder of its programs. A checksum of the device and of all
 * numbers stands beside them, and what no kernel could be compiled with is not taken.
 */
final class TuningFile {
  private static final String CHECKSUM = "checksum";

  /** A file takes less than a kilobyte; a larger one is not read. */
  private static final long MAX_BYTES = 1 << 16;

  private final Device device;
  private final String deviceName;
  private final Path file;

  TuningFile(Path folder, Device device) {
    this.device = device;
    deviceName = device.platform() + " " + device.name() + " " + device.driver();
    file = folder.resolve(deviceName.replaceAll("[^A-Za-z0-9.-]+", "-") + ".properties");
  }

  Path path() {
    return file;
  }

  /** What is stored for the device; the defaults if there is nothing, or it is damaged. */
  Tuning read() {
    if (!Files.isRegularFile(file)) {
      return Tuning.DEFAULT;
    }
    return stored()
        .orElseGet(() -> {
          System.getLogger(TuningFile.class.getName())
              .log(System.Logger.Level.WARNING, "cannot use " + file + ": defaults are used");
          return Tuning.DEFAULT;
        });
  }

  private Optional<Tuning> stored() {
    try (Reader reader = Files.newBufferedReader(file)) {
      if (Files.size(file) > MAX_BYTES) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(reader);
      Object checksum = properties.remove(CHECKSUM);
      return checksum(properties).equals(checksum)
          ? Tuning.of(properties).filter(tuning -> tuning.fits(device))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /** Stores what was measured, whole or not at all. */
  void write(Tuning tuning, String comment) throws IOException {
    Properties properties = tuning.toProperties();
    properties.setProperty(CHECKSUM, checksum(properties));
    StringWriter text = new StringWriter();
    properties.store(text, comment);
    WholeFile.write(file, text.toString().getBytes(UTF_8));
  }

  private String checksum(Properties numbers) {
    CRC32 checksum = new CRC32();
    checksum.update((deviceName + new TreeMap<>(numbers)).getBytes(UTF_8));
    return Long.toHexString(checksum.getValue());
  }
}
