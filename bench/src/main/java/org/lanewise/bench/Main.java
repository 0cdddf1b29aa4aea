package org.lanewise.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lanewise.bench.cli.Failures;
import org.lanewise.bench.cli.HelpOption;
import org.lanewise.bench.gemm.BenchGemm;
import org.lanewise.bench.gemm.FirstProduct;
import org.lanewise.bench.opencl.BenchOpenCl;
import org.lanewise.bench.ops.BenchOps;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line {@code lanewise bench}: alone, it prints its help. */
@Command(
    name = "lanewise bench",
    description = "Measures how fast Lanewise is.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BenchGemm.class,
      BenchOps.class,
      BenchOpenCl.class,
      FirstProduct.class,
      Jmh.class,
      ForkReport.class
    })
public final class Main implements Callable<Integer> {
  @Mixin private HelpOption help;

  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs a command and ends the process: 0 done, 2 the user's mistake, 1 a bug, 130 stopped. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // the same digits and separators everywhere
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    System.exit(run(out, err, arguments));
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(Failures::ofParameters)
        .setExecutionExceptionHandler(Failures::ofExecution)
        .execute(arguments);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
