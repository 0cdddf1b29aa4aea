package org.lanewise.bench;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.lanewise.bench.gemm.BenchGemm;
import org.lanewise.bench.gemm.FirstProduct;
import org.lanewise.bench.opencl.BenchOpenCl;
import org.lanewise.bench.ops.BenchOps;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.Program;
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

  /** Runs a command and ends the process with the exit codes of {@link Program#main}. */
  public static void main(String[] arguments) {
    Program.main(new Main(), arguments);
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return Program.run(new Main(), out, err, arguments);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
