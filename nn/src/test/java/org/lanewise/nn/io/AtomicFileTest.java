package org.lanewise.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("file");
  }

  private static void write(Path file, String content) throws IOException {
    AtomicFile.write(file, out -> out.write(content.getBytes()));
  }

  @Test
  void createsFoldersAndReplacesFiles() throws IOException {
    Path nested = folder.resolve("a/b/file");
    write(nested, "old");
    write(nested, "new");
    assertThat(nested).hasContent("new");
    assertThat(files(nested.getParent())).containsExactly(nested);
  }

  @Test
  void anInterruptedThreadWritesAndStaysInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    try {
      write(file, "new");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(file).hasContent("new");
  }

  @Test
  void keepsTheOldFileWhenWritingFails() throws IOException {
    write(file, "old");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(1);
                  throw new IOException("disk full");
                }))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("disk full");
    assertThat(file).hasContent("old");
    assertThat(files(folder)).containsExactly(file);
  }

  @ParameterizedTest
  @ValueSource(ints = {242, 255})
  void writesTheLongestNames(int bytes) throws IOException {
    Path longest = folder.resolve("n".repeat(bytes));
    write(longest, "new");
    assertThat(longest).hasContent("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "rw-rw-rw-", "rwxr-x--x"})
  void keepsPermissions(String permissions) throws IOException {
    write(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    AtomicFile.write(
        file,
        out -> {
          for (Path one : files(folder)) {
            assertThat(PosixFilePermissions.fromString(permissions))
                .as("nobody reads what is not theirs while it is written")
                .containsAll(Files.getPosixFilePermissions(one));
          }
          out.write("new".getBytes());
        });
    assertThat(file).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo(permissions);
  }

  @Test
  void givesNewFilesThePermissionsOfNewFiles() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    write(file, "new");
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void writesAReadOnlyFileIfTheUserMay() throws IOException {
    write(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    if (Files.isWritable(file)) { // by root
      write(file, "new");
      assertThat(file).hasContent("new");
    } else {
      assertThatThrownBy(() -> write(file, "new"))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessage(file.toString());
      assertThat(file).hasContent("old");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("r--r--r--");
  }

  @Test
  void followsSymbolicLinks() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "old");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path link = Files.createSymbolicLink(inner.resolve("link"), Path.of("../target"));
    Path linkToLink = Files.createSymbolicLink(file, link.toAbsolutePath());
    write(linkToLink, "new");
    assertThat(target).hasContent("new").isRegularFile();
    assertThat(link).isSymbolicLink();
    assertThat(linkToLink).isSymbolicLink();
  }

  @Test
  void createsTheTargetOfASymbolicLink() throws IOException {
    Files.createSymbolicLink(file, Path.of("new folder/target"));
    write(file, "new");
    assertThat(file).isSymbolicLink();
    assertThat(folder.resolve("new folder/target")).hasContent("new");
  }

  @Test
  void refusesWhatIsNoFile() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    for (Path no : List.of(folder, Path.of("/"), pipe, loop)) {
      assertThatThrownBy(() -> write(no, "new"))
          .isInstanceOf(FileSystemException.class)
          .hasMessageStartingWith(no.toString());
    }
    assertThat(files(folder)).containsExactly(loop, pipe);
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  /** Writes half of a file, says so, and waits to be killed or for the end of its input. */
  static final class Writer {
    public static void main(String[] arguments) throws IOException {
      AtomicFile.write(
          Path.of(arguments[0]),
          out -> {
            out.write("ha".getBytes());
            System.out.println("half");
            System.in.readAllBytes();
            out.write("lf".getBytes());
          });
    }
  }

  private Process writer() throws IOException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                "target/classes" + File.pathSeparator + "target/test-classes",
                Writer.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(writer.inputReader().readLine()).isEqualTo("half");
    return writer;
  }

  @Test
  @Timeout(120)
  void deletesWhatKilledProcessesLeftAndNothingElse() throws Exception {
    Process killed = writer();
    killed.destroyForcibly().waitFor();
    assertThat(files(folder)).as("what it left").hasSize(1);
    Path left = files(folder).getFirst();

    Process alive = writer();
    assertThat(files(folder)).hasSize(1).doesNotContain(left);
    write(file, "other");
    assertThat(files(folder)).hasSize(2);
    alive.getOutputStream().close();
    assertThat(alive.waitFor()).isZero();
    assertThat(file).as("the last one wins").hasContent("half");
    assertThat(files(folder)).containsExactly(file);
  }

  @Test
  void deletesWhatMayBeAliveElsewhereOnlyWhenItIsOld() throws IOException {
    Path elsewhere = Files.createFile(folder.resolve(".lanewise-elsewhere-1-abc.tmp"));
    Path others = Files.createFile(folder.resolve(".lanewise-notes.tmp"));
    write(file, "new");
    assertThat(elsewhere).exists();

    FileTime old =
        FileTime.from(Files.getLastModifiedTime(file).toInstant().minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(elsewhere, old);
    Files.setLastModifiedTime(others, old);
    write(file, "new");
    assertThat(elsewhere).doesNotExist();
    assertThat(others).exists();
  }

  @Test
  void severalThreadsMayWriteAFile() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads =
        List.of("a", "b", "c").stream()
            .map(letter ->
                Thread.ofPlatform()
                    .uncaughtExceptionHandler((_, e) -> failure.set(e))
                    .start(() -> {
                      for (int i = 0; i < 50; i++) {
                        try {
                          write(file, letter.repeat(10_000));
                        } catch (IOException e) {
                          throw new AssertionError(e);
                        }
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(Optional.ofNullable(failure.get())).isEmpty();
    assertThat(Files.readString(file)).hasSize(10_000).containsPattern("^(a+|b+|c+)$");
    assertThat(files(folder)).containsExactly(file);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
