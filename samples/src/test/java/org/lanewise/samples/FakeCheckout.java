package org.lanewise.samples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A checkout of one source file, with the launcher, a Maven that copies the file and a Java that
 * prints the copy.
 */
final class FakeCheckout {
  /** Does what the variable ON_MVN says after the build. */
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$LC_ALL $*" >>maven.log
      mkdir -p samples/target/run/modules samples/target/run/lib
      cat samples/src/main/Source >samples/target/run/lib/built
      eval "$ON_MVN"
      """;

  /** Does what the variable ON_JAVA says before it prints what was built. */
  private static final String JAVA =
      """
      #!/bin/sh
      while [ "$1" != -cp ]; do shift; done
      eval "$ON_JAVA"
      cat "${2%/*}/built"
      """;

  /** What the launcher and those two call. */
  private static final String TOOLS =
      "cat cksum dirname find locale mkdir mkfifo mktemp mv readlink rm sed sleep sort touch";

  private final Path home;
  private final Path tools;
  private final Map<String, String> environment = new HashMap<>();
  private int runs;

  /**
   * Makes one, whose source says "one".
   *
   * @param lock the command that locks files: all others like it are hidden
   */
  FakeCheckout(Path folder, String name, String lock) throws IOException {
    tools = folder.resolve("tools");
    home = Files.createDirectories(folder).toRealPath().resolve(name);
    write(home.resolve("lanewise"), Files.readString(Path.of("../lanewise")));
    write(home.resolve("pom.xml"), "");
    for (String module : List.of("kernels", "ffi", "nn", "cli", "samples")) {
      write(home.resolve(module).resolve("pom.xml"), "");
      write(home.resolve(module).resolve("src/main/Source"), "one");
    }
    write(tools.resolve("mvn"), MAVEN);
    for (String tool : (TOOLS + " " + lock).split(" ")) {
      provide(tool);
    }
    write(folder.resolve("a jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    write(folder.resolve("a jdk/bin/java"), JAVA);
    write(folder.resolve("a jdk/bin/javac"), "");
    environment.put("PATH", tools.toString());
    environment.put("JAVA_HOME", folder.resolve("a jdk").toString());
  }

  private void provide(String tool) throws IOException {
    Optional<Path> found =
        Stream.of(System.getenv("PATH").split(":"))
            .map(path -> Path.of(path, tool))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), tool + " is not here");
    write(tools.resolve(tool), "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(found.get()));
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    file.toFile().setExecutable(true);
  }

  Path home() {
    return home;
  }

  /** The file from which the build is made. */
  Path source() {
    return home.resolve("samples/src/main/Source");
  }

  /** The locale and the arguments of each run of Maven so far. */
  List<String> mavenRuns() throws IOException {
    Path log = home.resolve("maven.log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /** Runs the launcher to its end. */
  Lanewise run(String command) throws Exception {
    return run(Map.of(), command);
  }

  /** Runs the launcher with more environment variables. */
  Lanewise run(Map<String, String> more, String command) throws Exception {
    return start(more, command).result();
  }

  /** Starts the launcher. */
  Run start(Map<String, String> more, String command) throws IOException {
    runs++;
    Path out = home.resolve(runs + ".out");
    Path err = home.resolve(runs + ".err");
    List<String> words = new ArrayList<>(List.of("./lanewise"));
    words.addAll(List.of(command.split(" ")));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(home.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    return new Run(builder.start(), out, err);
  }

  /** A launcher that was started. */
  record Run(Process process, Path out, Path err) {
    private static final long SECONDS = 60;

    /** Waits until it has written this to standard error. */
    void awaitError(String text) throws Exception {
      while (!Files.readString(err).contains(text)) {
        if (!process.isAlive()) {
          throw new AssertionError("ended without '%s': %s".formatted(text, result()));
        }
        Thread.sleep(1);
      }
    }

    /** Ends it in a way that it does not notice. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    Lanewise result() throws Exception {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running: " + Files.readString(err));
      }
      return new Lanewise(process.exitValue(), Files.readString(out), Files.readString(err));
    }
  }
}
