package org.lanewise.bench.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.cli.UserException;

/** Of a jar on the class path whatever the machine; what is unpacked need not be a library. */
class ClassPathLibrariesTest {
  private static final String PACKAGE = "org/junit/jupiter/api/";
  private static final String FILE = "Test.class";

  @TempDir private Path cache;

  @Test
  void unpacksOnceAndMendsWhatIsDamaged() throws IOException {
    Path file = unpack();
    assertThat(file).isEqualTo(cache.resolve(PACKAGE).resolve(FILE));
    byte[] whole = Files.readAllBytes(file);
    FileTime written = Files.getLastModifiedTime(file);
    assertThat(Files.getLastModifiedTime(unpack())).isEqualTo(written);

    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(file, damaged);
    assertThat(unpack()).hasBinaryContent(whole);
  }

  @Test
  void deletesWhatKilledProcessesLeft() throws IOException {
    Path folder = Files.createDirectories(cache.resolve(PACKAGE));
    Path abandoned = Files.createFile(folder.resolve(".lanewise-0-0-0.tmp"));
    Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    Path file = unpack();

    assertThat(files(folder)).containsExactly(file);
  }

  @Test
  @Timeout(60)
  @DisabledOnOs(OS.WINDOWS)
  void aPipeStaysAPipe() throws Exception {
    Path pipe = Files.createDirectories(cache.resolve(PACKAGE)).resolve(FILE);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThatThrownBy(this::unpack)
        .isInstanceOf(UserException.class)
        .hasMessageContaining(pipe + ": exists and is not a regular file");
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "/natives, /caches, /home/u, /natives",
        "null,     /caches, /home/u, /caches/lanewise",
        "'',       /caches, /home/u, /caches/lanewise",
        "null,     null,    /home/u, /home/u/.cache/lanewise",
        "'',       '',      /home/u, /home/u/.cache/lanewise",
        "'',       caches,  /home/u, /home/u/.cache/lanewise",
        "'',       /caches, ?,       /caches/lanewise"
      })
  void areInTheUsersFolder(String natives, String caches, String home, Path folder) {
    assertThat(ClassPathLibraries.cache(natives, caches, home)).isEqualTo(folder);
  }

  @Test
  void aUserWithoutAHomeMustNameAFolder() {
    assertThatThrownBy(() -> ClassPathLibraries.cache("", "caches", "?"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("set lanewise.natives");
  }

  private Path unpack() {
    return ClassPathLibraries.unpack(cache, PACKAGE, FILE);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
