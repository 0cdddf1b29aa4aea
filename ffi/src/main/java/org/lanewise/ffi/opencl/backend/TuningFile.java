package org.lanewise.ffi.opencl.backend;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import org.lanewise.ffi.opencl.Device;

/** What was measured on a device, in the folder of its programs. */
final class TuningFile {
  private final Path file;

  TuningFile(Path folder, Device device) {
    String name = device.platform() + " " + device.name() + " " + device.driver();
    file = folder.resolve(name.replaceAll("[^A-Za-z0-9.-]+", "-") + ".properties");
  }

  Path path() {
    return file;
  }

  /** What is stored for the device; the defaults if there is nothing, or it is damaged. */
  Tuning read() {
    if (!Files.isRegularFile(file)) {
      return Tuning.DEFAULT;
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      Properties properties = new Properties();
      properties.load(reader);
      return Tuning.of(properties).orElse(Tuning.DEFAULT);
    } catch (IOException | IllegalArgumentException unreadable) {
      System.getLogger(TuningFile.class.getName())
          .log(System.Logger.Level.WARNING, "cannot read " + file + ": defaults are used");
      return Tuning.DEFAULT;
    }
  }

  /** Stores what was measured, whole or not at all. */
  void write(Tuning tuning, String comment) throws IOException {
    StringWriter text = new StringWriter();
    tuning.toProperties().store(text, comment);
    Files.createDirectories(file.getParent());
    Path part = Files.createTempFile(file.getParent(), "tuning", ".part");
    Files.writeString(part, text.toString());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
