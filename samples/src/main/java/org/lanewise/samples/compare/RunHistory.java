package org.lanewise.samples.compare;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.RegularFile;
import org.lanewise.nn.train.History;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The epochs of a training.
 *
 * @param name what the training is called
 * @param epochs in order
 */
record RunHistory(String name, List<Epoch> epochs) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CSV = "history.csv";
  private static final String JSON_LINES = "metrics.jsonl";
  private static final String CHECKPOINT = "checkpoint.safetensors";

  /** More than any history has. */
  private static final long MOST_BYTES = 1 << 26;

  /**
   * One epoch; NaN stands for what is not known.
   *
   * @param number from 1
   */
  record Epoch(
      int number,
      double trainLoss,
      double testLoss,
      double testAccuracy,
      double samplesPerSecond,
      double seconds) {}

  /**
   * Reads what a training left.
   *
   * @param run its output folder, in which {@code history.csv}, {@code metrics.jsonl} or a
   *     checkpoint is looked for in this order, or such a file
   * @return nothing if there is none, or it has no epoch yet
   * @throws MalformedFileException if it is damaged
   * @throws IOException if it cannot be read
   */
  static Optional<RunHistory> read(Path run) throws IOException {
    for (String name : List.of(CSV, JSON_LINES, CHECKPOINT)) {
      Path file = Files.isDirectory(run) ? run.resolve(name) : run;
      String type = name.substring(name.lastIndexOf('.'));
      if (Files.isRegularFile(file) && file.toString().endsWith(type)) {
        List<Epoch> epochs =
            switch (name) {
              case CSV -> csv(file);
              case JSON_LINES -> jsonLines(file);
              default -> checkpoint(file);
            };
        return epochs.isEmpty()
            ? Optional.empty()
            : Optional.of(new RunHistory(run.toString(), epochs));
      }
    }
    return Optional.empty();
  }

  private static List<Epoch> checkpoint(Path file) throws IOException {
    return History.ofCheckpoint(file).epochs().stream()
        .map(epoch -> {
          boolean validated = epoch.validation() != null;
          return new Epoch(
              epoch.epoch(),
              epoch.trainLoss(),
              validated ? epoch.validation().loss() : Double.NaN,
              validated
                  ? epoch.validation().metrics().getOrDefault("accuracy", Double.NaN)
                  : Double.NaN,
              epoch.samplesPerSecond(),
              epoch.seconds());
        })
        .toList();
  }

  private static List<Epoch> jsonLines(Path file) throws IOException {
    List<Epoch> epochs = new ArrayList<>();
    for (String line : lines(file)) {
      Map<String, String> fields = new LinkedHashMap<>();
      try {
        JsonNode object = JSON.readTree(line);
        object.propertyNames().forEach(name -> fields.put(name, object.get(name).asString("")));
      } catch (JacksonException damaged) {
        throw new MalformedFileException(file, "line %d is no JSON".formatted(epochs.size() + 1));
      }
      epochs.add(epoch(file, epochs.size() + 1, fields));
    }
    return epochs;
  }

  /** Numbers without quotes, under a head. */
  private static List<Epoch> csv(Path file) throws IOException {
    List<Epoch> epochs = new ArrayList<>();
    List<String> lines = lines(file);
    for (String line : lines.stream().skip(1).toList()) {
      String[] head = lines.getFirst().split(",", -1);
      String[] values = line.split(",", -1);
      int number = epochs.size() + 2;
      if (values.length != head.length) {
        throw new MalformedFileException(
            file,
            "line %d has %d fields, %d expected".formatted(number, values.length, head.length));
      }
      Map<String, String> fields = new LinkedHashMap<>();
      for (int i = 0; i < head.length; i++) {
        fields.put(head[i].replaceFirst("^validation_", "test_"), values[i]);
      }
      epochs.add(epoch(file, number, fields));
    }
    return epochs;
  }

  private static List<String> lines(Path file) throws IOException {
    if (RegularFile.size(file) > MOST_BYTES) {
      throw new MalformedFileException(
          file, "more than the %,d bytes that a history has at most".formatted(MOST_BYTES));
    }
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException _) {
      throw new MalformedFileException(file, "no text in UTF-8");
    }
  }

  private static Epoch epoch(Path file, int line, Map<String, String> fields)
      throws MalformedFileException {
    try {
      double number = number(fields, "epoch");
      if (!(number >= 1 && number == (int) number)) {
        throw new NumberFormatException("epoch");
      }
      return new Epoch(
          (int) number,
          number(fields, "train_loss"),
          number(fields, "test_loss"),
          number(fields, "test_accuracy"),
          number(fields, "samples_per_s"),
          number(fields, "seconds"));
    } catch (NumberFormatException _) {
      throw new MalformedFileException(file, "line %d is no epoch of a history".formatted(line));
    }
  }

  private static double number(Map<String, String> fields, String name) {
    String text = fields.getOrDefault(name, "");
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }

  // ---- What is compared -----------------------------------------------------------------------

  Epoch last() {
    return epochs.getLast();
  }

  /** The first epoch of the highest test accuracy; the last one if there is none. */
  Epoch best() {
    return epochs.stream()
        .filter(epoch -> !Double.isNaN(epoch.testAccuracy))
        .max(
            Comparator.comparingDouble(Epoch::testAccuracy)
                .thenComparing(Comparator.comparingInt(Epoch::number).reversed()))
        .orElse(last());
  }

  double seconds() {
    return epochs.stream().mapToDouble(Epoch::seconds).sum();
  }
}
