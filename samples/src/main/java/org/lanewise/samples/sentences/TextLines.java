package org.lanewise.samples.sentences;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.RegularFile;

/** A file with a text per line, in UTF-8, of any length. */
record TextLines(Path file) {
  /** Enough lines for full batches of similar lengths, few enough to wait for the first result. */
  private static final int AT_ONCE = 512;

  /** Takes some lines, in their order. */
  @FunctionalInterface
  interface Part {
    void accept(List<String> lines) throws IOException;
  }

  /**
   * Reads all lines, some at a time.
   *
   * @throws IOException if it cannot be read or is not UTF-8
   */
  void read(Part part) throws IOException {
    RegularFile.size(file); // refuses what is none
    try (BufferedReader in = Files.newBufferedReader(file)) {
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        if (lines.size() == AT_ONCE) {
          part.accept(lines);
          lines.clear();
        }
      }
      part.accept(lines);
    } catch (CharacterCodingException notUtf8) {
      throw new MalformedFileException(file, "is not UTF-8");
    }
  }
}
