package org.lanewise.samples.dna;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.samples.Lanewise;

class TrainDnaTest {
  private static final int EXAMPLES = 60;

  @TempDir private Path folder;
  private Path data;
  private Path out;

  @BeforeEach
  void writeData() throws IOException {
    StringBuilder text = new StringBuilder("label\tsequence\n");
    Random random = new Random(1);
    for (int i = 0; i < EXAMPLES; i++) {
      text.append(line(random, i % 3)).append('\n');
    }
    data = write("data.tsv.gz", text.toString());
    out = folder.resolve("out");
  }

  /** Donor sites have GT in the middle, acceptors AG, as in nature; others have neither. */
  private static String line(Random random, int kind) {
    char[] bases = new char[Bases.WINDOW];
    for (int i = 0; i < bases.length; i++) {
      bases[i] = "ACGT".charAt(random.nextInt(4));
    }
    String middle = new String[] {"GTGT", "AGAG", "CCCC"}[kind];
    middle.getChars(0, 4, bases, 28);
    return new String[] {"ei", "ie", "n"}[kind] + "\t" + new String(bases);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream to = new GZIPOutputStream(Files.newOutputStream(file))) {
      to.write(text.getBytes(UTF_8));
    }
    return file;
  }

  private Lanewise train(Object... options) {
    Object[] arguments = new Object[10 + options.length];
    Object[] first = {"train", "dna", "--data", data, "--out", out, "--epochs", 20, "--batch", 16};
    System.arraycopy(first, 0, arguments, 0, 10);
    System.arraycopy(options, 0, arguments, 10, options.length);
    return Lanewise.run(arguments);
  }

  @Test
  void crossValidatesReportsResumesAndPredicts() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");
    Lanewise run = train("--metrics", metrics);

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("60 examples   fold 10/10   ", "all 60 examples   fold 5/5   ")
        .containsPattern("KBANN, 1,000 examples +4\\.62 % +7\\.56 % +8\\.47 %");
    assertThat(metrics).content().hasLineCount(20 * 15).contains("\"fold\":10");
    assertThat(out.resolve("report.html")).content().contains("Where the networks look", "KBANN");
    byte[] model = Files.readAllBytes(out.resolve("model.safetensors"));

    Files.delete(out.resolve("model.safetensors"));
    Files.delete(out.resolve("folds/all-3.safetensors"));
    Lanewise resumed = train("--resume", "--threads", 1);
    assertThat(resumed.err()).isEmpty();
    assertThat(Files.readAllBytes(out.resolve("model.safetensors"))).isEqualTo(model);

    String donor = line(new Random(2), 0).substring(3);
    String acceptor = line(new Random(2), 1).substring(3);
    Lanewise read =
        Lanewise.run(
            "predict",
            "dna",
            "--model",
            out.resolve("model.safetensors"),
            donor,
            acceptor.toLowerCase());
    assertThat(read.err()).isEmpty();
    assertThat(read.out().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(donor + "   exon to intron "),
            line -> assertThat(line).contains("   intron to exon "));
  }

  @Test
  void oneLineForAMistake() {
    Lanewise other = train("--resume");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("no checkpoint there").hasLineCount(1);

    Lanewise large = train("--batch", 55);
    assertThat(large.exitCode()).isEqualTo(2);
    assertThat(large.err()).contains("--batch");

    Lanewise absent = Lanewise.run("train", "dna", "--data", folder.resolve("no"), "--out", out);
    assertThat(absent.exitCode()).isEqualTo(2);
    assertThat(absent.err()).contains("no: no such file").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ACGT, 60 bases expected but there are 4",
    "'', 60 bases expected but there are 0",
    "XCCAGCTGCATCACAGGAGGCCAGCGAGCAGGTCTGTTCCAAGGGCCTTCGAGCCAGTCT, 'base 1 is ''X'', A, C, G or T'"
  })
  void refusesWhatIsNoSequence(String sequence, String says) {
    Lanewise run = Lanewise.run("predict", "dna", sequence);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("sequence 1: " + says).hasLineCount(1);
  }

  @Test
  void damagedDataIsRefusedInOneLine() throws IOException {
    byte[] whole = Files.readAllBytes(data);
    assertRefused(Files.write(folder.resolve("cut"), Arrays.copyOf(whole, 100)), "truncated");
    assertRefused(Files.writeString(folder.resolve("text"), "label"), "gzip");
    assertRefused(write("head", "id\tsequence\n"), "line 1 must be");
    assertRefused(write("none", "label\tsequence\n"), "no sequence follows");
    assertRefused(write("label", "label\tsequence\nxx\tACGT\n"), "line 2 must be ei, ie or n");
    assertRefused(write("short", "label\tsequence\nei\tACGT\n"), "line 2: 60 bases expected");
    assertRefused(write("long", "x".repeat(1 << 20)), "line 1 must be");
  }

  private void assertRefused(Path file, String says) {
    Lanewise run = Lanewise.run("train", "dna", "--data", file, "--out", out);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("lanewise: " + file).contains(says).hasLineCount(1);
  }

  @Test
  void theDataThatComesWithLanewiseIsWhole() throws IOException {
    SpliceJunctions junctions = SpliceJunctions.read(Path.of("data/dna/splice-junction.tsv.gz"));

    assertThat(junctions.size()).isEqualTo(3186);
    assertThat(junctions.sites().stream().filter(Site.N::equals)).hasSize(1654);
  }
}
