package org.lanewise.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @BeforeAll
  static void sameNumbersEverywhere() {
    Locale.setDefault(Locale.ROOT);
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  private static void assumeOpenBlas() {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    assumeTrue(System.getProperty("os.arch").equals("amd64"));
  }

  @Test
  void alonePrintsItsHelp() {
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("Usage: lanewise bench", "gemm", "first-product");
  }

  @Test
  void comparesWithOpenBlas() throws IOException {
    assumeOpenBlas();
    Path json = folder.resolve("rows.json");
    int exitCode =
        run(
            "gemm",
            "--sizes=33",
            "--trans=nn,tt",
            "--threads=1",
            "--rounds=2",
            "--slice=1",
            "--warm-up=100",
            "--json=" + json);

    assertThat(err.toString()).isEmpty();
    assertThat(exitCode).isZero();
    assertThat(out.toString())
        .contains("openblas: OpenBLAS", "1 thread, FMA peak ")
        .containsPattern("33×33×33 NN +[\\d.]+ +[\\d.]+ +[\\d.]+ +[\\d.]+ %")
        .containsPattern("33×33×33 TT +[\\d.]+ +[\\d.]+ +[\\d.]+ +[\\d.]+ %")
        .containsPattern("Geometric mean of the ratios, 1 thread: [\\d.]+ \\(2 results\\)");
    List<JsonNode> rows =
        Files.readAllLines(json).stream().map(new JsonMapper()::readTree).toList();
    assertThat(rows)
        .extracting(row -> row.get("trans").asString() + " " + row.get("implementation").asString())
        .containsExactly("NN lanewise", "NN openblas", "TT lanewise", "TT openblas");
    assertThat(rows).allMatch(row -> row.get("gflops").asDouble() > 0);
  }

  @Test
  void showsTheDistributionOfRandomShapes() {
    assumeOpenBlas();
    int exitCode =
        run(
            "gemm",
            "--random=3",
            "--seed=2",
            "--threads=1",
            "--rounds=1",
            "--slice=1",
            "--warm-up=100");

    assertThat(err.toString()).isEmpty();
    assertThat(exitCode).isZero();
    assertThat(out.toString())
        .containsPattern("Ratios, 1 thread: min [\\d.]+, 1 % [\\d.]+, 10 % [\\d.]+, median ")
        .containsPattern("The worst:\n +[\\d.]+ +\\d+×\\d+×\\d+ [NT]{2}, lda \\d+, ldb \\d+, ");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "--sizes=0, --sizes must be 1 to",
        "--threads=0, --threads must be 1 to",
        "--rounds=0, --rounds must be 1 to",
        "--random=-1, --random must be 1 to",
        "--trans=XY, Invalid value for option '--trans'",
        "--type=f16, Invalid value for option '--type'",
        "--colour, Unknown option: '--colour'",
        "--shapes=/nowhere/shapes.txt, /nowhere/shapes.txt: no such file or directory",
        "--json=/nowhere/rows.json, /nowhere/rows.json: no such file or directory",
        "--peer=blas=/nowhere/libblas.so, /nowhere/libblas.so: no such library",
        "--peer=blas=/dev/zero, /dev/zero: is not a library that loads",
        "--shapes=/dev/zero, /dev/zero: is a pipe or device",
        "--shapes=/dev, /dev: is a directory",
        "--peer=mkl=/nowhere/libmkl.so, --peer mkl: this name is taken",
        "--peer=m=libm.so.6, libm.so.6: has no function cblas_sgemm"
      })
  void aMistakeIsOneLine(String argument, String message) {
    assertThat(run("gemm", "--no-openblas", argument)).isEqualTo(2);
    assertThat(err.toString().lines().filter(line -> !line.startsWith("Try "))).hasSize(1);
    assertThat(err.toString()).startsWith("lanewise: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "nosuch --help | Unmatched argument at index 0: 'nosuch' (did you mean first-product?) | ./lanewise bench --help",
        "gem --help | Unmatched argument at index 0: 'gem' (did you mean gemm?) | ./lanewise bench --help",
        "gemm --json= | Invalid value for option '--json': must not be empty | ./lanewise bench gemm --help",
        "gemm --shapes= | Invalid value for option '--shapes': must not be empty | ./lanewise bench gemm --help"
      })
  void oneLineAndAHintForAMistypedCommand(String arguments, String message, String hint) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualToNormalizingNewlines("lanewise: %s\nTry '%s'.\n".formatted(message, hint));
  }

  @Test
  void jmhHasItsOwnOptions() {
    assertThat(run("jmh", "-l", "nosuch")).as(err.toString()).isZero();
  }
}
