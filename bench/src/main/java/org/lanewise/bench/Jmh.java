package org.lanewise.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Unmatched;

/** {@code bench jmh}: JMH's own command line. */
@Command(
    name = "jmh",
    description =
        "Runs JMH benchmarks, each in several fresh JVMs; -l lists them, -h shows JMH's options.")
final class Jmh implements Callable<Integer> {
  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
    return ExitCode.OK;
  }
}
