package org.lanewise.bench.gemm;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.Interruption;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench gemm}: compares matrix products with those of BLAS libraries. */
@Command(
    name = "gemm",
    description = {
      "Compares Lanewise's matrix products with those of BLAS libraries, in the same process and by"
          + " turns. OpenBLAS comes with the benchmark.",
      "Shown are medians in GFLOP/s, Lanewise's speed by that of the fastest other (ratio), and by"
          + " what the processors do in multiply-adds that wait for nothing (of peak)."
    },
    sortOptions = false)
public final class BenchGemm implements Callable<Integer> {
  private static final List<Integer> DEFAULT_SIZES =
      List.of(64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048);

  private static final int MAX_THREADS = 1024;

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      description =
          "Square matrices of these sizes (default: 64 to 2048, unless there are other shapes).")
  private List<Integer> sizes;

  @Option(
      names = "--shapes",
      paramLabel = "FILE",
      description = "Shapes from a file: MxKxN [NN|NT|TN|TT] a line, # starts a comment.")
  private Path shapesFile;

  @Option(
      names = "--random",
      paramLabel = "COUNT",
      defaultValue = "0",
      description =
          "Random shapes of 1 to 300 in each dimension, all transposes, up to 16 elements between"
              + " rows; shows how the ratios are distributed.")
  private int random;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "What the random shapes come from (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--trans",
      paramLabel = "KIND",
      split = ",",
      defaultValue = "NN",
      description =
          "Which operands are transposed, where the shape does not say so: some of"
              + " ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private List<Trans> trans;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Numbers of threads (default: 1 and all processors).")
  private List<Integer> threads =
      IntStream.of(1, Runtime.getRuntime().availableProcessors()).distinct().boxed().toList();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "f32",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Type type;

  @Option(
      names = "--memory",
      paramLabel = "KIND",
      defaultValue = "native",
      description =
          "Where Lanewise's matrices are: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE});"
              + " those of the others are always native.")
  private Memory memory;

  @Option(
      names = "--peer",
      paramLabel = "NAME=LIBFILE",
      description = "Another library with cblas_sgemm and cblas_dgemm; repeatable.")
  private Map<String, String> peerFiles = new LinkedHashMap<>();

  @Option(
      names = "--mkl",
      description = "Also Intel's MKL, which ./lanewise fetches on the first use (150 MB).")
  private boolean mkl;

  @Option(names = "--no-openblas", description = "Without OpenBLAS.")
  private boolean noOpenBlas;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "11",
      description =
          "Turns of each implementation at a shape; the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--slice",
      paramLabel = "MILLIS",
      defaultValue = "25",
      description =
          "How long a turn takes, if not a single product does (default: ${DEFAULT-VALUE}).")
  private int slice;

  @Option(
      names = "--warm-up",
      paramLabel = "MILLIS",
      defaultValue = "2000",
      description =
          "How long the JIT gets before the first shape (default: ${DEFAULT-VALUE}); it takes longer"
              + " to get to small products.")
  private int warmUp;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write a line of JSON per shape, number of threads and implementation.")
  private Path json;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    check("--rounds", rounds, 10_000);
    check("--slice", slice, 10_000);
    check("--warm-up", warmUp, 60_000);
    threads.forEach(count -> check("--threads", count, MAX_THREADS));
    List<Shape> shapes = shapes();
    PrintWriter out = command.commandLine().getOut();
    Machine machine = Machine.current();
    try (LanewiseGemm lanewise = new LanewiseGemm(memory);
        JsonRows rows = json == null ? null : JsonRows.create(json, type, memory, machine);
        Interruption interruption = Interruption.onSignal()) {
      List<CblasPeer> peers = Peers.load(!noOpenBlas, peerFiles, mkl);
      out.println(machine + "; " + type);
      peers.forEach(peer -> out.println(Peers.describe(peer)));
      List<Implementation> implementations = new ArrayList<>(peers);
      implementations.addFirst(lanewise);
      Contest contest =
          new Contest(
              implementations, rounds, slice * 1e-3, warmUp * 1e-3, interruption::requested);
      List<Result> results = measure(contest, shapes, rows);
      if (random > 0) {
        Summary.distributions(out, results);
      }
      Summary.means(out, results);
      out.flush();
      return interruption.requested() ? Interruption.EXIT_CODE : ExitCode.OK;
    }
  }

  /** Measures, prints and writes down as much as there is until the contest is stopped. */
  private List<Result> measure(Contest contest, List<Shape> shapes, JsonRows rows)
      throws IOException {
    List<Result> results = new ArrayList<>();
    Table table = new Table(command.commandLine().getOut(), shapes, contest.names());
    Progress progress = new Progress(command.commandLine().getErr());
    double peakOfOne = peakOfOne();
    for (int count : threads) {
      try (FmaPeak peak = new FmaPeak(type, count)) {
        table.header(count, count == 1 ? peakOfOne : peak.best(), peakOfOne);
        for (int i = 0; i < shapes.size(); i++) {
          progress.show(
              "%d of %d: %s, %s …"
                  .formatted(i + 1, shapes.size(), shapes.get(i), Table.threads(count)));
          Optional<Result> result = run(contest, shapes.get(i), count, peak);
          progress.clear();
          if (result.isEmpty()) {
            return results;
          }
          results.add(result.get());
          table.row(result.get());
          if (rows != null) {
            rows.write(result.get());
          }
        }
      }
    }
    return results;
  }

  private double peakOfOne() {
    try (FmaPeak peak = new FmaPeak(type, 1)) {
      return peak.best();
    }
  }

  private Optional<Result> run(Contest contest, Shape shape, int count, FmaPeak peak) {
    try (Arena arena = Arena.ofShared()) {
      return contest.run(Operands.random(shape, type, arena), count, peak);
    }
  }

  private List<Shape> shapes() throws IOException {
    List<Integer> squares = sizes;
    if (squares == null) {
      squares = shapesFile == null && random == 0 ? DEFAULT_SIZES : List.of();
    }
    List<Shape> shapes = new ArrayList<>();
    for (int size : squares) {
      check("--sizes", size, Shape.MAX_SIZE);
      trans.forEach(kind -> shapes.add(Shape.dense(size, size, size, kind)));
    }
    if (shapesFile != null) {
      shapes.addAll(ShapesFile.read(shapesFile, trans));
    }
    if (random != 0) {
      check("--random", random, 1_000_000);
      shapes.addAll(RandomShapes.of(random, seed));
    }
    return shapes;
  }

  private void check(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw new ParameterException(
          command.commandLine(), "%s must be 1 to %,d but is %d".formatted(option, max, value));
    }
  }
}
