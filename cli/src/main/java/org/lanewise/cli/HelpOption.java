package org.lanewise.cli;

import picocli.CommandLine.Option;

/** {@code --help}, to be mixed into a command. */
public final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  private boolean help;
}
