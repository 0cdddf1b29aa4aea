package org.lanewise.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** The command line as the user typed it. */
public final class Invocation {
  private Invocation() {}

  /** The command line of a running command with one more option, to be typed into a shell. */
  public static String with(CommandSpec command, String option) {
    List<String> words =
        new ArrayList<>(command.root().commandLine().getParseResult().originalArgs());
    if (!words.contains(option)) {
      words.add(option);
    }
    return "./lanewise " + words.stream().map(Invocation::quote).collect(Collectors.joining(" "));
  }

  private static String quote(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
