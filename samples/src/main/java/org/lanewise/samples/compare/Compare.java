package org.lanewise.samples.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.UserException;
import org.lanewise.nn.io.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}: trainings side by side. */
@Command(
    name = "compare",
    description = "Compares trainings by their histories: a table, and a page with all curves.",
    sortOptions = false)
public final class Compare implements Callable<Integer> {
  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = "out/comparison.html",
      description = "Where the page goes (default: ${DEFAULT-VALUE}).")
  private Path report;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description =
          "Output folders of trainings, or files of lines of JSON (--metrics) or CSV; others are"
              + " left out.")
  private List<Path> paths;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    List<RunHistory> runs = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new UserException(path + ": no such file or directory");
      }
      Optional<RunHistory> run = RunHistory.read(path);
      run.ifPresentOrElse(
          runs::add,
          () -> out.println(Printable.line(path + ": left out, no history of epochs there")));
    }
    if (runs.isEmpty()) {
      throw new UserException("nothing to compare: none of these has a history of epochs");
    }
    Comparison comparison = new Comparison(runs);
    comparison.table().lines().forEach(line -> out.println(Printable.line(line)));
    if (report.toAbsolutePath().getParent() != null) {
      Files.createDirectories(report.toAbsolutePath().getParent());
    }
    comparison.report().write(report);
    out.println(Printable.line("report  " + report));
    return ExitCode.OK;
  }
}
