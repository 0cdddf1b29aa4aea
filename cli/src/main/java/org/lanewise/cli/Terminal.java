package org.lanewise.cli;

import java.io.Console;

/** Where the output goes. */
public final class Terminal {
  private Terminal() {}

  /** Whether a person sees standard output as it is written, so that a line may be redrawn. */
  public static boolean interactive() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
