package org.lanewise.nn.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;

/**
 * The metadata of a checkpoint: the settings that must be the same on resume, and the progress. A
 * checkpoint is a safetensors file whose tensors are the weights and, as {@code optimizer.0.…} and
 * so on, what the optimizer keeps of each parameter.
 */
final class Checkpoint {
  private static final String FORMAT = "lanewise.checkpoint";
  private static final String VERSION = "4";

  /** What the names of settings begin with that the caller chose. */
  static final String OWN_SETTING = "setting.";

  private Checkpoint() {}

  /** Writes a checkpoint, whole or not at all. */
  static void write(
      Path file,
      Map<String, String> settings,
      Progress progress,
      SequencedMap<String, HostTensor> tensors)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(settings);
    metadata.put(FORMAT, VERSION);
    metadata.put("steps", Long.toString(progress.steps));
    metadata.put("batch", Integer.toString(progress.batch));
    metadata.put("samples", Long.toString(progress.samples));
    metadata.put("samples_done", Long.toString(progress.samplesDone));
    metadata.put("loss_sum", Double.toString(progress.lossSum));
    metadata.put("seconds", Double.toString(progress.seconds));
    metadata.put("flops", Long.toString(progress.flops));
    metadata.put(
        "epochs",
        progress.epochs.stream().map(Checkpoint::format).collect(Collectors.joining(";")));
    SafeTensors.of(metadata, tensors).write(file);
  }

  /**
   * Reads the progress from a checkpoint's metadata.
   *
   * @param settings of this training, by the steps made
   * @param batches of this training
   * @throws MalformedFileException if the file is no checkpoint, or its numbers contradict each
   *     other
   * @throws OtherSettingException if it was written with other settings or batches
   */
  static Progress progress(
      Path file,
      Map<String, String> metadata,
      LongFunction<Map<String, String>> settings,
      Batches batches)
      throws MalformedFileException {
    Progress progress = progress(file, metadata);
    Map<String, String> given = settings.apply(progress.steps);
    requireSameOwn(file, metadata, given);
    progress.requireSame(file, batches);
    requireSame(file, metadata, given);
    return progress;
  }

  /** Those of the caller say more than what follows from them. */
  private static void requireSameOwn(
      Path file, Map<String, String> metadata, Map<String, String> settings) {
    String none = "none";
    Stream.concat(settings.keySet().stream(), metadata.keySet().stream())
        .filter(name -> name.startsWith(OWN_SETTING))
        .forEach(name -> {
          String saved = metadata.getOrDefault(name, none);
          String given = settings.getOrDefault(name, none);
          if (!given.equals(saved)) {
            throw new OtherSettingException(file, name, saved, given);
          }
        });
  }

  /** Where the rule of a parameter is not mentioned, it is that of the first group. */
  private static void requireSame(
      Path file, Map<String, String> metadata, Map<String, String> settings) {
    Set<String> names = new LinkedHashSet<>(settings.keySet());
    metadata.keySet().stream().filter(ParameterGroup::isRule).forEach(names::add);
    for (String name : names) {
      String usual = ParameterGroup.isRule(name) ? ParameterGroup.OPTIMIZER : name;
      String saved = metadata.getOrDefault(name, metadata.get(usual));
      String given = settings.getOrDefault(name, settings.get(usual));
      if (!given.equals(saved)) {
        throw new OtherSettingException(file, name, saved, given);
      }
    }
  }

  /**
   * Reads the progress alone.
   *
   * @throws MalformedFileException if the file is no checkpoint, or its numbers contradict each
   *     other
   */
  static Progress progress(Path file, Map<String, String> metadata) throws MalformedFileException {
    if (!VERSION.equals(metadata.get(FORMAT))) {
      throw new MalformedFileException(file, "not a checkpoint of version " + VERSION);
    }
    try {
      Progress progress = new Progress();
      progress.steps = number(metadata, "steps", Long::parseLong);
      progress.batch = number(metadata, "batch", Integer::parseInt);
      progress.samples = number(metadata, "samples", Long::parseLong);
      progress.samplesDone = number(metadata, "samples_done", Long::parseLong);
      progress.lossSum = number(metadata, "loss_sum", Double::parseDouble);
      progress.seconds = number(metadata, "seconds", Double::parseDouble);
      progress.flops = number(metadata, "flops", Long::parseLong);
      for (String epoch : text(metadata, "epochs").split(";")) {
        if (!epoch.isEmpty()) {
          progress.epochs.add(parse(progress.epoch(), epoch));
        }
      }
      progress.check();
      return progress;
    } catch (IllegalArgumentException impossible) {
      throw new MalformedFileException(
          file, "the checkpoint's position is damaged: " + impossible.getMessage());
    }
  }

  private static String text(Map<String, String> metadata, String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return text;
  }

  private static <T> T number(
      Map<String, String> metadata, String key, Function<String, T> parser) {
    String text = text(metadata, key);
    try {
      return parser.apply(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("%s is '%s', not a number".formatted(key, text));
    }
  }

  /**
   * As in {@code train_loss=0.5 samples_per_second=100.0 seconds=1.0 flops=7000 utilization=0.25
   * loss=0.6 accuracy=0.9}. Names of metrics may have any characters, and are encoded as in
   * addresses of pages.
   */
  private static String format(EpochResult result) {
    SequencedMap<String, Number> numbers = new LinkedHashMap<>();
    numbers.put("train_loss", result.trainLoss());
    numbers.put("samples_per_second", result.samplesPerSecond());
    numbers.put("seconds", result.seconds());
    numbers.put("flops", result.flops());
    numbers.put("utilization", result.utilization());
    if (result.validation() != null) {
      numbers.put(LossGraph.LOSS, result.validation().loss());
      result
          .validation()
          .metrics()
          .forEach((name, value) -> numbers.put(URLEncoder.encode(name, UTF_8), value));
    }
    return numbers.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  private static EpochResult parse(int epoch, String text) {
    Map<String, String> parts =
        Stream.of(text.split(" "))
            .map(part -> part.split("=", 2))
            .collect(
                Collectors.toMap(
                    part -> part[0],
                    part -> part[part.length - 1],
                    (first, _) -> first,
                    LinkedHashMap::new));
    double trainLoss = take(parts, "train_loss", Double::parseDouble);
    double samplesPerSecond = take(parts, "samples_per_second", Double::parseDouble);
    double seconds = take(parts, "seconds", Double::parseDouble);
    long flops = take(parts, "flops", Long::parseLong);
    double utilization = take(parts, "utilization", Double::parseDouble);
    Evaluation validation = null;
    if (!parts.isEmpty()) {
      double loss = take(parts, LossGraph.LOSS, Double::parseDouble);
      SequencedMap<String, Double> metrics = new LinkedHashMap<>();
      parts.forEach(
          (name, value) -> metrics.put(URLDecoder.decode(name, UTF_8), Double.parseDouble(value)));
      validation = new Evaluation(loss, metrics);
    }
    return new EpochResult(
        epoch, trainLoss, validation, samplesPerSecond, seconds, flops, utilization);
  }

  private static <T> T take(Map<String, String> parts, String key, Function<String, T> parser) {
    T number = number(parts, key, parser);
    parts.remove(key);
    return number;
  }
}
