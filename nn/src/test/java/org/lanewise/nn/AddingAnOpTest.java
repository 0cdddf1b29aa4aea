package org.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the page about adding an op to the code that it tells of. */
class AddingAnOpTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern PATH = Pattern.compile("`([\\w./-]+/[\\w-]+\\.(?:java|cl))`");

  /** Lines that the file whose path was mentioned last is to contain. */
  private record Excerpt(String path, String text) {}

  private final List<String> paths = new ArrayList<>();
  private final List<Excerpt> excerpts = new ArrayList<>();

  AddingAnOpTest() throws IOException {
    StringBuilder excerpt = null;
    for (String line : Files.readAllLines(ROOT.resolve("docs/adding-an-op.md"))) {
      if (excerpt == null) {
        for (Matcher path = PATH.matcher(line); path.find(); ) {
          paths.add(path.group(1));
        }
        excerpt = line.equals("```java") || line.equals("```c") ? new StringBuilder() : null;
      } else if (line.equals("```")) {
        excerpts.add(new Excerpt(paths.getLast(), excerpt.toString()));
        excerpt = null;
      } else {
        excerpt.append(line).append('\n');
      }
    }
  }

  @Test
  void namesFilesThatExist() {
    assertThat(paths).hasSizeGreaterThan(10);
    assertThat(paths).allSatisfy(path -> assertThat(ROOT.resolve(path)).isRegularFile());
  }

  @Test
  void quotesWhatTheFilesSay() {
    assertThat(excerpts).hasSizeGreaterThan(5);
    assertThat(excerpts)
        .allSatisfy(
            excerpt -> assertThat(ROOT.resolve(excerpt.path)).content().contains(excerpt.text));
  }
}
