package org.lanewise.samples.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.lanewise.nn.io.AtomicFile;

/**
 * How one training went, or several.
 *
 * @param title what was trained
 * @param headline the most important numbers
 * @param sections what follows, in order
 */
public record Report(String title, List<Fact> headline, List<Section> sections) {

  /** A number, as text, and what it is. */
  public record Fact(String name, String value) {}

  /**
   * Writes an HTML page that needs no other file.
   *
   * @throws IOException if writing fails
   */
  public void write(Path file) throws IOException {
    byte[] html = Page.of(this).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(html));
  }
}
