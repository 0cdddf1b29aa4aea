package org.lanewise.samples.training;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.History;
import org.lanewise.nn.train.Trainer;
import tools.jackson.databind.json.JsonMapper;

/** A file with a JSON object for each epoch, a line each, written when the epoch ends. */
final class MetricsFile implements Callback, Closeable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path path;
  private Writer writer;
  private Map<String, Object> labels = Map.of();
  private Measure measure = Measure.ACCURACY;

  MetricsFile(Path path) {
    this.path = path;
  }

  /** Creates the file, or empties it, unless it is open. */
  void open() throws IOException {
    if (writer == null) {
      writer = Files.newBufferedWriter(path);
    }
  }

  /**
   * Goes on with a training, whose epochs before a resume are written now.
   *
   * @param training whose labels its lines begin with
   */
  void begin(Training training, History before) throws IOException {
    open();
    labels = training.labels();
    measure = training.measure();
    for (EpochResult epoch : before.epochs()) {
      write(epoch);
    }
  }

  @Override
  public void onEpoch(Trainer trainer, EpochResult result) throws IOException {
    write(result);
  }

  private void write(EpochResult result) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>(labels);
    line.put("epoch", result.epoch());
    line.put("train_loss", result.trainLoss());
    line.put("test_" + measure.name(), measure.value().applyAsDouble(result.validation()));
    line.put("samples_per_s", result.samplesPerSecond());
    line.put("seconds", result.seconds());
    line.put("flop_per_s", result.flopsPerSecond());
    if (!Double.isNaN(result.utilization())) {
      line.put("utilization", result.utilization());
    }
    try {
      writer.write(JSON.writeValueAsString(line) + "\n");
      writer.flush();
    } catch (IOException failure) {
      throw new IOException(path + ": " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}
