package org.lanewise.bench.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchOpsTest {
  @Test
  void measuresAnOpInBothKindsOfMemory() {
    assertThat(run(0, "--ops", "relu", "--threads", "2", "--rounds", "1", "--slice", "1"))
        .contains("2 threads")
        .containsPattern("relu +\\d+ µs +[0-9.]+ +\\d+ % +\\d+ µs");
  }

  @Test
  void listsTheOps() {
    assertThat(run(0, "--list").lines()).contains("relu", "tanh-backward", "adamw");
  }

  @Test
  void namesWhatIsWrong() {
    assertThat(run(2, "--ops", "(")).contains("--ops is not a regular expression");
    assertThat(run(2, "--rounds", "0")).contains("--rounds must be 1 to 10,000 but is 0");
  }

  private static String run(int exitCode, String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    int actual = new CommandLine(new BenchOps()).setOut(out).setErr(out).execute(arguments);
    assertThat(actual).as(text.toString()).isEqualTo(exitCode);
    return text.toString();
  }
}
