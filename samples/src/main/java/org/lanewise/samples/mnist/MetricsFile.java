package org.lanewise.samples.mnist;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
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

  MetricsFile(Path path) {
    this.path = path;
  }

  private record Line(
      int epoch,
      @JsonProperty("train_loss") double trainLoss,
      @JsonProperty("test_accuracy") double testAccuracy,
      @JsonProperty("samples_per_s") double samplesPerSecond,
      double seconds,
      @JsonProperty("flop_per_s") double flopsPerSecond,
      @JsonInclude(JsonInclude.Include.NON_NULL) Double utilization) {}

  /** Creates the file, or empties it, and writes the epochs before a resume. */
  void open(History before) throws IOException {
    writer = Files.newBufferedWriter(path);
    for (EpochResult epoch : before.epochs()) {
      write(epoch);
    }
  }

  @Override
  public void onEpoch(Trainer trainer, EpochResult result) throws IOException {
    write(result);
  }

  private void write(EpochResult result) throws IOException {
    Line line =
        new Line(
            result.epoch(),
            result.trainLoss(),
            result.validation().accuracy(),
            result.samplesPerSecond(),
            result.seconds(),
            result.flopsPerSecond(),
            Double.isNaN(result.utilization()) ? null : result.utilization());
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
