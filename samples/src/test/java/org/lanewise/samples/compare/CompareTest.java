package org.lanewise.samples.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.samples.Lanewise;
import org.lanewise.samples.mnist.TinyMnist;

class CompareTest {
  private static final String LINES =
      """
      {"epoch":1,"train_loss":0.5,"test_accuracy":0.9,"samples_per_s":1000.0,"seconds":2.0}
      {"epoch":2,"train_loss":0.25,"test_accuracy":0.95,"samples_per_s":1100.0,"seconds":3.0}
      {"epoch":3,"train_loss":0.2,"test_accuracy":0.94,"samples_per_s":1200.0,"seconds":4.0}
      """;
  private static final String CSV =
      "epoch,train_loss,validation_loss,validation_accuracy,samples_per_s,seconds,flops\r\n"
          + "1,0.5,0.4,0.97,500,1,12\r\n2,0.4,0.3,0.96,500,1,\r\n";

  @TempDir private Path folder;
  private Path report;

  @BeforeEach
  void choose() {
    report = folder.resolve("not there/comparison.html");
  }

  private Lanewise compare(Object... runs) {
    Object[] arguments = new Object[3 + runs.length];
    System.arraycopy(new Object[] {"compare", "--report", report}, 0, arguments, 0, 3);
    System.arraycopy(runs, 0, arguments, 3, runs.length);
    return Lanewise.run(arguments);
  }

  @Test
  void putsRunsSideBySide() throws IOException {
    Path lines = Files.writeString(folder.resolve("a.jsonl"), LINES);
    Path run = Files.createDirectory(folder.resolve("b"));
    Files.writeString(run.resolve("history.csv"), CSV);
    Path other = Files.createDirectory(folder.resolve("empty"));

    Lanewise compared = compare(lines, run, other);

    assertThat(compared.err()).isEmpty();
    assertThat(compared.exitCode()).isZero();
    List<String> out = compared.out().lines().toList();
    assertThat(out).hasSize(5);
    assertThat(out.get(0)).isEqualTo(other + ": left out, no history of epochs there");
    assertThat(out.get(1).split(" {2,}")).startsWith("run", "epochs", "training loss");
    assertThat(out.get(2).split(" {3,}"))
        .containsExactly(
            lines.toString(), "3", "0.2000", "–", "94.00 %", "95.00 %", "2", "1,200", "9.0");
    assertThat(out.get(3).split(" {3,}"))
        .containsExactly(
            run.toString(), "2", "0.4000", "0.3000", "96.00 %", "97.00 %", "1", "500", "2.0");
    assertThat(out.get(4)).isEqualTo("report  " + report);
    assertThat(report)
        .content()
        .contains("Comparison of 2 trainings", "\"values\":[0.9,0.95,0.94]")
        .contains("\"values\":[0.97,0.96,null]");
  }

  @Test
  void readsWhatATrainingLeaves() throws IOException {
    Path out = folder.resolve("run");
    Path data = folder.resolve("data");
    TinyMnist.write(data);
    assertThat(
            Lanewise.run("train", "mnist", "--data", data, "--out", out, "--epochs", 2).exitCode())
        .isZero();

    Lanewise compared = compare(out);

    assertThat(compared.err()).isEmpty();
    assertThat(compared.out().lines().toList().get(1)).startsWith(out + "   ").contains(" 2 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.jsonl | {\"epoch\":1 | line 1 is no JSON",
        "a.jsonl | {\"epoch\":0.5} | line 1 is no epoch",
        "a.jsonl | [] | line 1 is no epoch",
        "a.csv | epoch,train_loss\\n1 | line 2 has 1 fields, 2 expected",
        "a.csv | epoch,train_loss\\n1,x | line 2 is no epoch",
        "a.safetensors | x | not a safetensors file"
      })
  void oneLineForADamagedHistory(String name, String content, String says) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content.replace("\\n", "\n"));

    Lanewise compared = compare(file);

    assertThat(compared.exitCode()).isEqualTo(2);
    assertThat(compared.err()).startsWith("lanewise: " + file).contains(says).hasLineCount(1);
  }

  @Test
  void oneLineIfThereIsNothingToCompare() {
    assertThat(compare(folder).err()).contains("nothing to compare").hasLineCount(1);
    assertThat(compare(folder.resolve("absent")).err()).contains("absent: no such file");
  }
}
