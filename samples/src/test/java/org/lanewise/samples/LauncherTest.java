package org.lanewise.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, with a Maven and a Java that only pretend. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class LauncherTest {
  private static final String WAIT_FOR_GO = "while [ ! -e go ]; do sleep 0.01; done";

  @TempDir private Path folder;
  private FakeCheckout checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = new FakeCheckout(folder, "a checkout", "flock");
  }

  /** With what else can lock files. */
  private void makeCheckout(String lock) throws IOException {
    checkout = new FakeCheckout(folder.resolve(lock), "a checkout", lock);
  }

  @Test
  void buildsOncePerContentWhateverTheTimesOfFiles() throws Exception {
    Files.setLastModifiedTime(
        checkout.source(), FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));

    assertPrints("one", checkout.run("help"));
    assertPrints("one", checkout.run("help"));
    assertThat(checkout.mavenRuns()).hasSize(1);

    Files.writeString(checkout.source(), "two");
    Files.setLastModifiedTime(
        checkout.source(), FileTime.from(Instant.parse("2000-01-01T00:00:00Z")));
    assertPrints("two", checkout.run("help"));
    assertThat(checkout.mavenRuns()).hasSize(2).last().asString().contains(" clean package");
  }

  @Test
  void whatChangesDuringABuildIsBuiltToo() throws Exception {
    String edit = "[ -e edited ] || { touch edited; echo two >samples/src/main/Source; }";

    assertPrints("two\n", checkout.run(Map.of("ON_MVN", edit), "help"));
    assertPrints("two\n", checkout.run("help"));
    assertThat(checkout.mavenRuns()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flock", "perl"})
  void aBuildStaysWhileItRuns(String lock) throws Exception {
    makeCheckout(lock);
    String untilGo = "echo started >&2; " + WAIT_FOR_GO;
    FakeCheckout.Run first = checkout.start(Map.of("ON_JAVA", untilGo), "help");
    first.awaitError("started");

    Files.writeString(checkout.source(), "two");
    assertPrints("two", checkout.run("help"));
    Files.createFile(checkout.home().resolve("go"));

    assertPrints("one", first.result());
  }

  @Test
  void aBuildThatNothingRunsGoesWithTheNext() throws Exception {
    checkout.run("help");
    List<Path> first = builds();
    Files.writeString(checkout.source(), "two");
    checkout.run("help");

    assertThat(builds()).hasSize(1).doesNotContainAnyElementsOf(first);
  }

  private List<Path> builds() throws IOException {
    try (Stream<Path> files = Files.list(checkout.home().resolve(".lanewise"))) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flock", "perl"})
  void anOrphanedMavenIsWaitedForAndNothingElseIs(String lock) throws Exception {
    makeCheckout(lock);
    FakeCheckout.Run killed = checkout.start(Map.of("ON_MVN", WAIT_FOR_GO), "help");
    while (checkout.mavenRuns().isEmpty()) {
      Thread.sleep(1);
    }
    killed.kill();

    FakeCheckout.Run killedWaiter = checkout.start(Map.of(), "help");
    killedWaiter.awaitError("Waiting for another process");
    killedWaiter.kill();
    FakeCheckout.Run waiter = checkout.start(Map.of(), "help");
    waiter.awaitError("Waiting for another process");
    assertThat(checkout.mavenRuns()).hasSize(1);

    Files.createFile(checkout.home().resolve("go"));
    assertPrints("one", waiter.result());
    assertThat(checkout.mavenRuns()).hasSize(2);
  }

  @Test
  void aFailedTestLeavesTheBuild() throws Exception {
    checkout.run("help");

    Lanewise failed = checkout.run(Map.of("ON_MVN", "exit 1"), "test");

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(checkout.mavenRuns()).hasSize(2).last().asString().contains(" verify");
    assertThat(checkout.run("help").err()).isEmpty();
    assertThat(checkout.mavenRuns()).hasSize(2);
  }

  @Test
  void aFailedBuildIsReportedAndTriedAgain() throws Exception {
    Lanewise failed = checkout.run(Map.of("ON_MVN", "echo a mistake; exit 1"), "help");

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).contains("a mistake");
    assertPrints("one", checkout.run("help"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "de_DE.ISO-8859-1", "xx_YY.UTF-8"})
  void namesOfFilesAreUtf8InEveryLocale(String locale) throws Exception {
    Lanewise run = checkout.run(Map.of("LC_ALL", locale, "ON_JAVA", "echo $LC_ALL"), "help");

    assertThat(run.out()).startsWith("C.UTF-8\n");
    assertThat(checkout.mavenRuns()).first().asString().startsWith("C.UTF-8 ");
  }

  @Test
  void aUserWithoutAHomeGetsOneInTheCheckout() throws Exception {
    Lanewise run = checkout.run(Map.of("HOME", "", "ON_JAVA", "echo \"$HOME\""), "help");

    assertThat(run.out()).startsWith(checkout.home().resolve(".lanewise/home") + "\n");
  }

  @Test
  void oneLineForAFolderWithAColon() throws Exception {
    checkout = new FakeCheckout(folder.resolve("other"), "a:b", "flock");

    assertMistake(checkout.run("help"), "colon", checkout.home().toString());
    assertThat(checkout.mavenRuns()).isEmpty();
  }

  @Test
  void oneLineForAFileWhereTheBuildsBelong() throws Exception {
    Files.createFile(checkout.home().resolve(".lanewise"));

    assertMistake(checkout.run("help"), "cannot build", checkout.home() + "/.lanewise");
  }

  private static void assertPrints(String text, Lanewise run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo(text);
  }

  private static void assertMistake(Lanewise run, String... says) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("lanewise: ").contains(says).hasLineCount(1);
  }
}
