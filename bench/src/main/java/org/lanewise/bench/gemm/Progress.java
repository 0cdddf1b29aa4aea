package org.lanewise.bench.gemm;

import java.io.PrintWriter;

/** A line on the terminal that says what is going on, and is overwritten by what follows. */
final class Progress {
  /** Set by the launcher, since stderr goes through a filter and only it knows where to. */
  private static final boolean VISIBLE = Boolean.getBoolean("lanewise.terminal");

  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintWriter err;

  Progress(PrintWriter err) {
    this.err = err;
  }

  void show(String text) {
    write(ERASE_LINE + text);
  }

  void clear() {
    write(ERASE_LINE);
  }

  private void write(String text) {
    if (VISIBLE) {
      err.print(text);
      err.flush();
    }
  }
}
