package org.lanewise.bench.gemm;

import static org.assertj.core.api.Assertions.assertThat;

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

class OutputTest {
  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text, true);

  @TempDir private Path folder;

  @BeforeAll
  static void sameNumbersEverywhere() {
    Locale.setDefault(Locale.ROOT);
  }

  @Test
  void tableHasAColumnForEachImplementation() {
    Result result = ResultTest.result(30, 40, 7);
    Table table = new Table(out, List.of(result.shape()), List.of("lanewise", "peer0", "peer1"));
    table.header(2, 120, 80);
    table.row(result);
    table.header(1, 150, 150);
    table.row(result);
    assertThat(text.toString())
        .isEqualTo(
            """

            2 threads, FMA peak 120.0 GFLOP/s (1.50 × that of 1 thread)
            M×K×N      lanewise      peer0      peer1   ratio  of peak
            2×4×3 NN       30.0       40.0       7.00   0.750   25.0 %

            1 thread, FMA peak 150.0 GFLOP/s
            M×K×N      lanewise      peer0      peer1   ratio  of peak
            2×4×3 NN       30.0       40.0       7.00   0.750   25.0 %   peak was 120.0
            """);
  }

  @Test
  void summaryNamesTheWorst() {
    Result good = ResultTest.result(2, 1);
    Result bad = ResultTest.result(1, 2);
    Summary.distributions(out, List.of(good, bad));
    Summary.means(out, List.of(good, bad));
    assertThat(text.toString())
        .isEqualTo(
            """

            Ratios, 1 thread: min 0.500, 1 % 0.500, 10 % 0.500, median 0.500, 90 % 2.000
            The worst:
              0.500  2×4×3 NN, lda 4, ldb 3, ldc 3: 1.00 GFLOP/s
              2.000  2×4×3 NN, lda 4, ldb 3, ldc 3: 2.00 GFLOP/s

            Geometric mean of the ratios, 1 thread: 1.000 (2 results)
            """);
  }

  @Test
  void jsonHasARowForEachImplementation() throws IOException {
    Path file = folder.resolve("rows.json");
    Machine machine = new Machine("A processor", 8, "25.0.1", 256);
    try (JsonRows rows = JsonRows.create(file, Type.F32, Memory.HEAP, machine)) {
      rows.write(ResultTest.result(30, 40, 10));
    }
    String sizes = "{'m':2,'n':3,'k':4,'trans':'NN','lda':4,'ldb':3,'ldc':3,'type':'f32','memory':";
    String facts =
        ",'peak':120.0,'cpu':'A processor','processors':8,'jdk':'25.0.1','vector_bits':256}";
    assertThat(Files.readString(file).replace('"', '\''))
        .isEqualTo(
            sizes
                + "'heap','threads':1,'implementation':'lanewise','gflops':30.0,'ratio':0.75,"
                + "'rounds':[30.0]"
                + facts
                + "\n"
                + sizes
                + "'native','threads':1,'implementation':'peer0','gflops':40.0,'ratio':0.75,"
                + "'rounds':[40.0]"
                + facts
                + "\n"
                + sizes
                + "'native','threads':1,'implementation':'peer1','gflops':10.0,'ratio':3.0,"
                + "'rounds':[10.0]"
                + facts
                + "\n");
  }
}
