package org.lanewise.bench.ops;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import org.lanewise.bench.gemm.Affinity;
import org.lanewise.bench.gemm.Quiet;
import org.lanewise.bench.gemm.Timing;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.Interruption;
import org.lanewise.kernels.op.Cost;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench ops}: how fast each op is, beside a copy of as many bytes. */
@Command(
    name = "ops",
    description = {
      "Measures ops on operands beyond the caches, in native memory and in arrays, by turns with a"
          + " copy of as many bytes.",
      "Shown are medians: the time of a run, the bytes read and written by it, and that by the"
          + " copy's (of copy), or GFLOP/s where arithmetic counts."
    },
    sortOptions = false)
public final class BenchOps implements Callable<Integer> {
  private static final double WARM_UP = 1.5;

  @Option(
      names = "--ops",
      paramLabel = "PATTERN",
      defaultValue = ".*",
      description = "Which ops: a regular expression for their names (default: all).")
  private String pattern;

  @Option(names = "--list", description = "Print the names of the ops.")
  private boolean list;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Numbers of threads (default: 1 and all processors).")
  private List<Integer> threads =
      IntStream.of(1, Runtime.getRuntime().availableProcessors()).distinct().boxed().toList();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "Turns of each; the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--slice",
      paramLabel = "MILLIS",
      defaultValue = "50",
      description = "How long a turn takes (default: ${DEFAULT-VALUE}).")
  private int slice;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    List<OpCase> cases = OpCases.all().stream().filter(c -> matches(c.name())).toList();
    if (list) {
      cases.forEach(out::println);
      return ExitCode.OK;
    }
    check("--rounds", rounds, 10_000);
    check("--slice", slice, 10_000);
    threads.forEach(count -> check("--threads", count, 1024));
    try (Interruption interruption = Interruption.onSignal()) {
      for (int count : threads) {
        out.println();
        out.println(count + (count == 1 ? " thread" : " threads"));
        out.println(
            "%-28s%12s%10s%10s%12s%12s"
                .formatted("op", "time", "GB/s", "of copy", "GFLOP/s", "on arrays"));
        for (OpCase c : cases) {
          if (interruption.requested()) {
            return Interruption.EXIT_CODE;
          }
          out.println(measure(c, count));
          out.flush();
        }
      }
    }
    return ExitCode.OK;
  }

  private boolean matches(String name) {
    try {
      return Pattern.matches(pattern, name);
    } catch (PatternSyntaxException e) {
      throw new ParameterException(
          command.commandLine(), "--ops is not a regular expression: " + e.getMessage());
    }
  }

  private void check(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw new ParameterException(
          command.commandLine(), "%s must be 1 to %,d but is %d".formatted(option, max, value));
    }
  }

  private String measure(OpCase c, int count) {
    Cost cost = c.cost();
    try (BoundCase bound = new BoundCase(c, count);
        CopySpeed copy = new CopySpeed(cost.bytes(), count)) {
      Runnable[] runs =
          c.arrays() == null
              ? new Runnable[] {bound::runNative, copy::run}
              : new Runnable[] {bound::runNative, copy::run, bound::runArrays};
      double[] seconds = seconds(runs);
      String line =
          "%-28s%9.0f µs%10.1f%8.0f %%%12s"
              .formatted(
                  c.name(),
                  seconds[0] * 1e6,
                  cost.bytes() / seconds[0] * 1e-9,
                  100 * seconds[1] / seconds[0],
                  cost.flops() > 8 * cost.bytes()
                      ? "%.1f".formatted(cost.flops() / seconds[0] * 1e-9)
                      : "");
      return c.arrays() == null ? line : line + "%9.0f µs".formatted(seconds[2] * 1e6);
    }
  }

  /** Medians of each one's turns. */
  private double[] seconds(Runnable[] runs) {
    double[][] all = new double[runs.length][rounds];
    int[] calls = new int[runs.length];
    for (int i = 0; i < runs.length; i++) {
      Affinity.separateCaller();
      calls[i] = Timing.warmUp(runs[i], slice * 1e-3, WARM_UP).calls(slice * 1e-3);
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < runs.length; i++) {
        Quiet.await();
        Affinity.separateCaller();
        all[i][round] = Timing.of(runs[i], calls[i]).secondsPerCall();
      }
    }
    double[] medians = new double[runs.length];
    for (int i = 0; i < runs.length; i++) {
      Arrays.sort(all[i]);
      medians[i] = all[i][rounds / 2];
    }
    return medians;
  }
}
