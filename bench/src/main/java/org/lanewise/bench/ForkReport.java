package org.lanewise.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.lanewise.cli.HelpOption;
import org.lanewise.cli.UserException;
import org.lanewise.nn.io.Printable;
import org.lanewise.nn.io.RegularFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code bench forks}: shows the median of each fork of JMH benchmarks. The JIT does not decide
 * alike in every JVM, and JMH's mean over all of them hides one that came out slow.
 */
@Command(
    name = "forks",
    description =
        "Shows the medians of single forks, of a file that bench jmh -rf json has written.")
final class ForkReport implements Callable<Integer> {
  /** JMH writes some 20 bytes an iteration. */
  private static final long MAX_BYTES = 64 << 20;

  @Parameters(paramLabel = "FILE", description = "Such a file.")
  private Path file;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    long size = RegularFile.size(file);
    if (size > MAX_BYTES) {
      throw fault("%,d bytes are more than the supported %,d".formatted(size, MAX_BYTES));
    }
    PrintWriter out = command.commandLine().getOut();
    benchmarks().valueStream().map(this::line).toList().forEach(out::println);
    return ExitCode.OK;
  }

  private JsonNode benchmarks() {
    try {
      JsonNode benchmarks = new JsonMapper().readTree(file.toFile());
      if (!benchmarks.isArray() || benchmarks.isEmpty()) {
        throw fault("has no array of benchmarks");
      }
      return benchmarks;
    } catch (JacksonException notJson) {
      throw fault(notJson.getOriginalMessage());
    }
  }

  private String line(JsonNode benchmark) {
    JsonNode metric = benchmark.path("primaryMetric");
    JsonNode forks = metric.path("rawData");
    if (!forks.isArray() || forks.isEmpty()) {
      throw fault("a benchmark has no rawData of forks");
    }
    List<String> words = new ArrayList<>();
    words.add(method(text(benchmark, "benchmark")));
    benchmark
        .path("params")
        .properties()
        .forEach(param -> words.add(param.getKey() + "=" + param.getValue().asString("?")));
    String medians =
        forks
            .valueStream()
            .map(fork -> "%.4g".formatted(median(fork)))
            .collect(Collectors.joining("  "));
    return "%s: %s %s"
        .formatted(
            Printable.line(String.join(" ", words)),
            medians,
            Printable.line(text(metric, "scoreUnit")));
  }

  private String text(JsonNode node, String name) {
    return node.path(name).stringValueOpt().orElseThrow(() -> fault("a benchmark has no " + name));
  }

  /** The class and method of a full name. */
  private static String method(String name) {
    return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
  }

  private double median(JsonNode iterations) {
    double[] scores = iterations.valueStream().mapToDouble(this::score).sorted().toArray();
    if (scores.length == 0) {
      throw fault("a fork has no iterations");
    }
    int middle = scores.length / 2;
    return scores.length % 2 == 1 ? scores[middle] : (scores[middle - 1] + scores[middle]) / 2;
  }

  /** JMH writes what is not finite as a string. */
  private double score(JsonNode iteration) {
    return switch (iteration.isString() ? iteration.stringValue() : "") {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> iteration.doubleValueOpt().orElseThrow(() -> fault("an iteration has no number"));
    };
  }

  private UserException fault(String fault) {
    return new UserException(file + ": is not what bench jmh -rf json writes: " + fault);
  }
}
