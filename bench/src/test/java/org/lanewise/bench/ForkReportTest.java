package org.lanewise.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkReportTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("jmh.json"), json);
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

  @Test
  void refusesOtherFiles() throws IOException {
    assertThat(run("[{\"benchmark\": 1}]")).isEqualTo(2);
    assertThat(err.toString()).contains("is not what bench jmh -rf json writes");
  }
}
