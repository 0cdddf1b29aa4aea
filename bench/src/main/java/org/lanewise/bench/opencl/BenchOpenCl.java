package org.lanewise.bench.opencl;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.lanewise.bench.gemm.Quiet;
import org.lanewise.bench.gemm.Timing;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.Interruption;
import org.lanewise.cli.UserException;
import org.lanewise.ffi.opencl.NoOpenClException;
import org.lanewise.ffi.opencl.OpenCl;
import org.lanewise.ffi.opencl.backend.OpenClBackend;
import org.lanewise.ffi.opencl.backend.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench opencl}: how fast an OpenCL device is. */
@Command(
    name = "opencl",
    description = {
      "Measures an OpenCL device: square matrix products, by turns with the CPU backend and with"
          + " CLBlast; functions, by turns with a copy; and launches.",
      "Shown are medians. Products are launched in a row, until the device has done them."
    },
    sortOptions = false)
public final class BenchOpenCl implements Callable<Integer> {
  private static final double WARM_UP = 1.0;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Its number, or a part of its name (default: the first).")
  private String device;

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      defaultValue = "64,128,256,512,1024,2048",
      description = "Rows of the square matrices (default: ${DEFAULT-VALUE}).")
  private List<Integer> sizes;

  @Option(
      names = "--clblast",
      paramLabel = "LIBFILE",
      description = "Also CLBlast, from this file.")
  private String clBlast;

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
    check("--rounds", rounds, 10_000);
    check("--slice", slice, 10_000);
    sizes.forEach(size -> check("--sizes", size, 16_384));
    int threads = Runtime.getRuntime().availableProcessors();
    try (Interruption interruption = Interruption.onSignal();
        OpenClBackend opencl =
            new OpenClBackend(OpenCl.device(device), Settings.fromProperties(threads))) {
      PrintWriter out = command.commandLine().getOut();
      out.println(opencl.description());
      out.printf("%n%-8s%14s%12s%12s%12s%n", "n", "GFLOP/s", "cpu", "clblast", "ratio");
      for (int size : sizes) {
        if (interruption.requested()) {
          return Interruption.EXIT_CODE;
        }
        product(size, threads, opencl, out);
      }
      functions(opencl, out);
      launches(opencl, out);
      return ExitCode.OK;
    } catch (NoOpenClException missing) {
      throw new UserException(missing.getMessage());
    }
  }

  private void check(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw new ParameterException(
          command.commandLine(), "%s must be 1 to %,d but is %d".formatted(option, max, value));
    }
  }

  private void product(int size, int threads, OpenClBackend opencl, PrintWriter out) {
    try (SquareProducts products = new SquareProducts(size, threads, opencl, clBlast)) {
      double[] seconds = seconds(products.all());
      double operations = 2.0 * size * size * size * products.inARow();
      out.printf(
          "%-8d%14.1f%12.1f%12s%12s%n",
          size,
          operations / seconds[0] * 1e-9,
          operations / seconds[1] * 1e-9,
          seconds.length < 3 ? "" : "%.1f".formatted(operations / seconds[2] * 1e-9),
          seconds.length < 3 ? "" : "%.2f".formatted(seconds[2] / seconds[0]));
      out.flush();
    }
  }

  private void functions(OpenClBackend opencl, PrintWriter out) {
    out.printf("%n%-14s%10s%10s%n", "function", "GB/s", "of copy");
    Functions functions = new Functions(opencl);
    double[] seconds = seconds(functions.all());
    for (int i = 0; i < seconds.length; i++) {
      out.printf(
          "%-14s%10.1f%8.0f %%%n",
          functions.names().get(i),
          functions.bytes() / seconds[i] * 1e-9,
          100 * seconds[0] / seconds[i]);
    }
  }

  private void launches(OpenClBackend opencl, PrintWriter out) {
    Launches launches = new Launches(opencl.context());
    double[] seconds = seconds(List.of(launches::wrapped, launches::raw, launches::waited));
    out.printf(
        "%nA launch takes %.2f µs in a row of %d, %.2f through the bare bindings; %.1f with its"
            + " result awaited.%n",
        seconds[0] / Launches.IN_A_ROW * 1e6,
        Launches.IN_A_ROW,
        seconds[1] / Launches.IN_A_ROW * 1e6,
        seconds[2] * 1e6);
  }

  /** Medians of each one's turns. */
  private double[] seconds(List<Runnable> runs) {
    List<Integer> calls = new ArrayList<>();
    for (Runnable run : runs) {
      calls.add(Timing.warmUp(run, slice * 1e-3, WARM_UP).calls(slice * 1e-3));
    }
    double[][] all = new double[runs.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < runs.size(); i++) {
        Quiet.await();
        all[i][round] = Timing.of(runs.get(i), calls.get(i)).secondsPerCall();
      }
    }
    return Arrays.stream(all)
        .mapToDouble(turns -> {
          Arrays.sort(turns);
          return turns[rounds / 2];
        })
        .toArray();
  }
}
