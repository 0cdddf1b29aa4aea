package org.lanewise.nn.train;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lanewise.nn.io.MalformedFileException;

/**
 * The metadata of a checkpoint: the settings that must be the same on resume, and the position. It
 * is a safetensors file whose tensors are the parameters and, as {@code optimizer.0.…} and so on,
 * the optimizer's moments.
 *
 * @param settings batch size, seed and optimizer
 */
record Checkpoint(Map<String, String> settings, Position position) {
  private static final String FORMAT = "lanewise.checkpoint";
  private static final String VERSION = "1";

  /** Prefix of a moment's tensor names. */
  static String momentPrefix(int moment) {
    return "optimizer." + moment + ".";
  }

  Map<String, String> toMetadata() {
    Map<String, String> metadata = new LinkedHashMap<>(settings);
    metadata.put(FORMAT, VERSION);
    metadata.put("steps", Long.toString(position.steps));
    metadata.put("samples_done", Integer.toString(position.samplesDone));
    metadata.put("loss_sum", Double.toString(position.lossSum));
    metadata.put("seconds", Double.toString(position.seconds));
    metadata.put(
        "epochs",
        position.epochs.stream().map(Checkpoint::format).collect(Collectors.joining(";")));
    return metadata;
  }

  /**
   * Reads the position from a checkpoint's metadata.
   *
   * @param settings those of this training, its batch size among them
   * @throws MalformedFileException if the file is no checkpoint, or its position contradicts itself
   * @throws OtherSettingException if it was written with other settings
   */
  static Position position(Path file, Map<String, String> metadata, Map<String, String> settings)
      throws MalformedFileException {
    if (!VERSION.equals(metadata.get(FORMAT))) {
      throw new MalformedFileException(file, "not a checkpoint of version " + VERSION);
    }
    for (var setting : settings.entrySet()) {
      String saved = metadata.get(setting.getKey());
      if (!setting.getValue().equals(saved)) {
        throw new OtherSettingException(file, setting.getKey(), saved, setting.getValue());
      }
    }
    try {
      Position position = new Position();
      position.steps = number(metadata, "steps", Long::parseLong);
      position.samplesDone = number(metadata, "samples_done", Integer::parseInt);
      position.lossSum = number(metadata, "loss_sum", Double::parseDouble);
      position.seconds = number(metadata, "seconds", Double::parseDouble);
      for (String epoch : text(metadata, "epochs").split(";")) {
        if (!epoch.isEmpty()) {
          position.epochs.add(parse(position.epoch(), epoch));
        }
      }
      position.check(Integer.parseInt(settings.get("batch")));
      position.checkpoint = file;
      return position;
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

  private static String format(EpochResult result) {
    Evaluation validation = result.validation();
    return Arrays.toString(
            validation == null
                ? new double[] {result.trainLoss(), result.samplesPerSecond(), result.seconds()}
                : new double[] {
                  result.trainLoss(),
                  result.samplesPerSecond(),
                  result.seconds(),
                  validation.loss(),
                  validation.accuracy()
                })
        .replaceAll("[\\[\\],]", "");
  }

  private static EpochResult parse(int epoch, String numbers) {
    String[] words = numbers.split(" ");
    if (words.length != 3 && words.length != 5) {
      throw new IllegalArgumentException(
          "epoch %d is '%s', not 3 or 5 numbers".formatted(epoch, numbers));
    }
    double[] n = Arrays.stream(words).mapToDouble(Double::parseDouble).toArray();
    Evaluation validation = n.length == 3 ? null : new Evaluation(n[3], n[4]);
    return new EpochResult(epoch, n[0], validation, n[1], n[2]);
  }
}
