package org.lanewise.bench;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.lanewise.bench.cli.HelpOption;
import org.lanewise.bench.cli.UserException;
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
  @Parameters(paramLabel = "FILE", description = "Such a file.")
  private Path file;

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws NoSuchFileException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    PrintWriter out = command.commandLine().getOut();
    try {
      for (JsonNode benchmark : new JsonMapper().readTree(file.toFile())) {
        out.println(line(benchmark));
      }
    } catch (JacksonException | IllegalArgumentException _) {
      throw new UserException(file + ": is not what bench jmh -rf json writes");
    }
    return ExitCode.OK;
  }

  private static String line(JsonNode benchmark) {
    JsonNode metric = benchmark.path("primaryMetric");
    String forks =
        StreamSupport.stream(metric.required("rawData").spliterator(), false)
            .map(fork -> "%.4g".formatted(median(fork)))
            .collect(Collectors.joining("  "));
    List<String> words = new ArrayList<>();
    words.add(benchmark.required("benchmark").asString().replaceFirst(".*\\.(?=.*\\.)", ""));
    benchmark
        .path("params")
        .properties()
        .forEach(param -> words.add(param.getKey() + "=" + param.getValue().asString()));
    return "%s: %s %s"
        .formatted(String.join(" ", words), forks, metric.required("scoreUnit").asString());
  }

  private static double median(JsonNode iterations) {
    double[] scores =
        StreamSupport.stream(iterations.spliterator(), false)
            .mapToDouble(JsonNode::asDouble)
            .sorted()
            .toArray();
    int middle = scores.length / 2;
    return scores.length % 2 == 1 ? scores[middle] : (scores[middle - 1] + scores[middle]) / 2;
  }
}
