package org.lanewise.samples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The command line, run inside a test or as a process of its own.
 *
 * @param exitCode what the shell would see
 * @param out standard output
 * @param err standard error
 */
public record Lanewise(int exitCode, String out, String err) {
  /** Runs a command and waits for it. */
  public static Lanewise run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.run(new PrintWriter(out, true), new PrintWriter(err, true), strings(arguments));
    return new Lanewise(exitCode, out.toString(), err.toString());
  }

  /** Starts a process whose output, both kinds, goes to a file. */
  public static Process start(Path output, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    Collections.addAll(command, arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private static String[] strings(Object... arguments) {
    String[] strings = new String[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      strings[i] = arguments[i].toString();
    }
    return strings;
  }
}
