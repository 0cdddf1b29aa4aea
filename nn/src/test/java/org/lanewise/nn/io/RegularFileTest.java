package org.lanewise.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegularFileTest {
  @TempDir private Path folder;

  @Test
  void hasASize() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[5]);
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    assertThat(RegularFile.size(file)).isEqualTo(5);
    assertThat(RegularFile.size(link)).isEqualTo(5);
  }

  @Test
  void namesWhatIsNone() {
    assertThatThrownBy(() -> RegularFile.size(folder))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(folder + ": is a directory, not a file");
    assertThatThrownBy(() -> RegularFile.size(folder.resolve("absent")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aTensorFileThatIsAPipeIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> SafeTensors.map(pipe, arena))
          .hasMessage(pipe + ": is a pipe or device, not a file");
    }
  }
}
