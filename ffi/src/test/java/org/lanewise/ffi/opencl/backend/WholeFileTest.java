package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
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

class WholeFileTest {
  private static final byte[] BYTES = {1, 2, 3};

  @TempDir private Path folder;

  @Test
  void deletesWhatKilledProcessesLeftADayAgo() throws IOException {
    Path file = folder.resolve("file");
    Path old = made(".lanewise-1.part", Duration.ofHours(25));
    Path recent = made(".lanewise-2.part", Duration.ofHours(23));
    Path other = made("other.part", Duration.ofHours(25));

    WholeFile.write(file, BYTES);

    assertThat(old).doesNotExist();
    assertThat(files()).containsExactlyInAnyOrder(file, recent, other);
    assertThat(file).hasBinaryContent(BYTES);
  }

  @Test
  void aDirectoryStaysADirectory() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("directory"));

    assertThatThrownBy(() -> WholeFile.write(directory, BYTES))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(directory + ": exists and is not a regular file");

    assertThat(files()).containsExactly(directory);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  @Timeout(60)
  @DisabledOnOs(OS.WINDOWS)
  void aPipeStaysAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThatThrownBy(() -> WholeFile.write(pipe, BYTES))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(pipe + ": exists and is not a regular file");

    assertThat(files()).containsExactly(pipe);
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  private Path made(String name, Duration ago) throws IOException {
    Path file = Files.createFile(folder.resolve(name));
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(ago)));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
