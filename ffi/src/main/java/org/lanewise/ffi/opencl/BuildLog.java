package org.lanewise.ffi.opencl;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a compiler says of a program, with the lines of source that it means. */
final class BuildLog {
  /** Compilers name a place as file:line:column, as line:column, or as (line). */
  private static final Pattern LINE = Pattern.compile("(?m)[:(<](\\d{1,6})[:)>]");

  private BuildLog() {}

  /** The log, and the lines that it names. */
  static String withSource(String log, String source) {
    String[] lines = source.split("\n", -1);
    Set<Integer> named = new TreeSet<>();
    LINE.matcher(log).results().map(BuildLog::number).forEach(named::add);
    StringBuilder text = new StringBuilder(log.strip());
    for (int line : named) {
      if (line >= 1 && line <= lines.length) {
        text.append("\n%5d | %s".formatted(line, lines[line - 1]));
      }
    }
    return text.toString();
  }

  private static int number(MatchResult match) {
    return Integer.parseInt(match.group(1));
  }
}
