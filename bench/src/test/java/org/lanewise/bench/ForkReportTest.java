package org.lanewise.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForkReportTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(String json) throws IOException {
    return run(Files.writeString(folder.resolve("jmh.json"), json));
  }

  private int run(Path file) {
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), "forks", file.toString());
  }

  @Test
  void showsTheMedianOfEachFork() throws IOException {
    int exitCode =
        run(
            """
            [{"benchmark": "org.lanewise.bench.gemm.GemmBenchmark.product",
              "params": {"size": "64", "threads": "1"},
              "primaryMetric": {
                "score": 5.0, "scoreUnit": "us/op", "rawData": [[3, 1, 2], [10, 30]]}}]
            """);
    assertThat(exitCode).isZero();
    assertThat(out.toString())
        .isEqualTo("GemmBenchmark.product size=64 threads=1: 2.000  20.00 us/op\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "{}",
        "5",
        "null",
        "[",
        "[[]]",
        "[{\"benchmark\": 1}]",
        "[{\"benchmark\": \"b\", \"primaryMetric\": {\"scoreUnit\": \"s\", \"rawData\": []}}]",
        "[{\"benchmark\": \"b\", \"primaryMetric\": {\"scoreUnit\": \"s\", \"rawData\": [[]]}}]",
        "[{\"benchmark\": \"b\", \"primaryMetric\": {\"scoreUnit\": \"s\", \"rawData\": [5]}}]",
        "[{\"benchmark\": \"b\", \"primaryMetric\": {\"scoreUnit\": \"s\", \"rawData\": [[\"5\"]]}}]",
        "[{\"benchmark\": \"b\", \"primaryMetric\": {\"scoreUnit\": \"s\", \"rawData\": [[null]]}}]",
        "[{\"benchmark\": \"b\", \"primaryMetric\": {\"scoreUnit\": 1, \"rawData\": [[5]]}}]",
        "[{\"benchmark\": 7, \"primaryMetric\": {\"scoreUnit\": \"s\", \"rawData\": [[5]]}}]"
      })
  void refusesOtherFiles(String json) throws IOException {
    assertThat(run(json)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .contains("jmh.json: is not what bench jmh -rf json writes: ")
        .hasLineCount(1);
  }

  @Test
  void refusesWhatIsNoFile() {
    assertThat(run(folder)).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("lanewise: " + folder + ": is a directory, not a file\n");
  }

  @Test
  void showsWhatIsNotFinite() throws IOException {
    assertThat(run(benchmark("a.B.c", "[[\"NaN\"], [\"-Infinity\"], [1e999]]"))).isZero();
    assertThat(out.toString()).isEqualTo("B.c: NaN  -Infinity  Infinity s\n");
  }

  @Test
  @Timeout(20)
  void aNameMayBeLongAndHoldAnything() throws IOException {
    String name = "a".repeat(1_000_000) + "." + "b".repeat(1_000_000) + ".c\\u001b[2J\\n";
    assertThat(run(benchmark(name, "[[5]]"))).isZero();
    assertThat(out.toString())
        .startsWith("bbbb")
        .endsWith("bbb.c\\u{1b}[2J\\u{a}: 5.000 s\n")
        .hasSizeLessThan(1_100);
  }

  private static String benchmark(String name, String rawData) {
    return "[{\"benchmark\": \"%s\", \"primaryMetric\": {\"scoreUnit\": \"s\", \"rawData\": %s}}]"
        .formatted(name, rawData);
  }
}
