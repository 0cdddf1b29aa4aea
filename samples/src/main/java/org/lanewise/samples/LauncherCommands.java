package org.lanewise.samples;

import org.lanewise.cli.HelpOption;
import org.lanewise.cli.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the launcher does itself; declared here so that the help lists it. */
final class LauncherCommands {
  private LauncherCommands() {}

  @Command(name = "test", description = "Runs the test suite and checks the code's format.")
  static final class Test implements Runnable {
    @Mixin private HelpOption help;

    @Option(
        names = "--exhaustive",
        description = "Also tries the elementary functions on all floats, which takes minutes.")
    private boolean exhaustive;

    @Parameters(arity = "0..*", paramLabel = "OPTION", description = "Options for Maven.")
    private String[] options;

    @Override
    public void run() {
      throw onlyFromTheLauncher("test");
    }
  }

  @Command(name = "format", description = "Formats the code.")
  static final class Format implements Runnable {
    @Mixin private HelpOption help;

    @Override
    public void run() {
      throw onlyFromTheLauncher("format");
    }
  }

  @Command(
      name = "bench",
      description =
          "Measures how fast Lanewise is, also beside BLAS libraries; './lanewise bench' lists how.")
  static final class Bench implements Runnable {
    @Mixin private HelpOption help;

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "See ./lanewise bench.")
    private String[] arguments;

    @Override
    public void run() {
      throw onlyFromTheLauncher("bench");
    }
  }

  private static UserException onlyFromTheLauncher(String command) {
    return new UserException("run ./lanewise " + command + ": the launcher does this itself");
  }
}
