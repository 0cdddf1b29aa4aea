package org.lanewise.nn.tensorboard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.io.ProtobufWriter;

/**
 * A file of values that TensorBoard shows by tag and step. Tags with a slash are grouped by what is
 * before it. A process that is killed leaves all that was there at the last {@link #flush}, and
 * maybe a torn record at the end, which readers pass over.
 *
 * <p>All methods throw an {@link IOException} that names the file if writing fails.
 */
public final class EventFile implements Closeable {
  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{1,10})\\..*");
  private static final double MILLIS = 1e3;

  private final Path path;
  private final InstantSource clock;
  private final RecordOutput records;

  private EventFile(Path path, InstantSource clock, RecordOutput records) {
    this.path = path;
    this.clock = clock;
    this.records = records;
  }

  /**
   * Creates a new file in a folder, and the folder if need be. Its name sorts after those of all
   * event files that are there, so that readers take it for their continuation.
   */
  public static EventFile create(Path folder) throws IOException {
    return create(folder, InstantSource.system());
  }

  static EventFile create(Path folder, InstantSource clock) throws IOException {
    Files.createDirectories(folder);
    long number = Math.max(clock.millis() / 1000, newest(folder) + 1);
    while (true) {
      Path path = folder.resolve("events.out.tfevents.%010d.lanewise".formatted(number));
      try {
        Files.createFile(path);
      } catch (FileAlreadyExistsException _) { // another process was faster
        number++;
        continue;
      }
      EventFile file =
          new EventFile(path, clock, new RecordOutput(new FileOutputStream(path.toFile())));
      file.write(file.event(0).string(3, "brain.Event:2"));
      return file;
    }
  }

  /** The time in the names of the event files of a folder, or 0. */
  private static long newest(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .max()
          .orElse(0);
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * Begins, or goes on with, a training: what earlier files have of this step and later ones is of
   * a training that was not resumed from there, and readers that know this event drop it.
   *
   * @param step the next one
   */
  public void begin(long step) throws IOException {
    write(event(step).message(7, new ProtobufWriter().varint(1, 1)));
  }

  /** A number, which is rounded to f32. */
  public void scalar(String tag, long step, double value) throws IOException {
    value(tag, step, Plugin.SCALARS.metadata(), TensorMessage.ofFloat((float) value));
  }

  /**
   * How often values lie where, in 30 buckets of equal width. Values that are NaN or infinite have
   * no place there and are left out.
   *
   * @param values of a floating-point type
   */
  public void histogram(String tag, long step, HostTensor values) throws IOException {
    double[] buckets = Histogram.of(values);
    value(
        tag,
        step,
        Plugin.HISTOGRAMS.metadata(),
        TensorMessage.ofDoubles(buckets, Histogram.BUCKETS, 3));
  }

  /**
   * A picture.
   *
   * @param png a file in the format PNG
   * @param width of it in pixels, at least 1
   * @param height of it in pixels, at least 1
   * @throws IllegalArgumentException if a size is less
   */
  public void image(String tag, long step, byte[] png, int width, int height) throws IOException {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "width and height must be at least 1 but are %d and %d".formatted(width, height));
    }
    ProtobufWriter tensor = TensorMessage.ofStrings(ascii(width), ascii(height), png);
    value(tag, step, Plugin.IMAGES.metadata(), tensor);
  }

  private static byte[] ascii(int number) {
    return Integer.toString(number).getBytes(US_ASCII);
  }

  /** A text in Markdown. */
  public void text(String tag, long step, String markdown) throws IOException {
    ProtobufWriter tensor = TensorMessage.ofStrings(markdown.getBytes(UTF_8));
    value(tag, step, Plugin.TEXT.metadata(), tensor);
  }

  /** A graph to draw, in which layers are boxes that can be opened. A file shows its last one. */
  public void graph(Graph graph) throws IOException {
    write(event(0).message(4, GraphMessage.of(graph)));
  }

  /**
   * What a training was set to, to compare it with others whose files are in folders beside this
   * one's.
   *
   * @param values numbers, booleans and strings by name
   * @param metrics tags of scalars that tell how good the training is
   * @throws IllegalArgumentException if a value is something else
   */
  public void hyperparameters(Map<String, ?> values, List<String> metrics) throws IOException {
    HyperparametersMessage.check(values);
    hyperparameters(
        HyperparametersMessage.EXPERIMENT,
        HyperparametersMessage.experiment(values, metrics, now()));
    hyperparameters(HyperparametersMessage.START, HyperparametersMessage.start(values, now()));
  }

  /** How a training ended whose hyperparameters the file has. */
  public void end(boolean success) throws IOException {
    hyperparameters(HyperparametersMessage.END, HyperparametersMessage.end(success, now()));
  }

  private void hyperparameters(String tag, ProtobufWriter content) throws IOException {
    value(tag, 0, Plugin.HPARAMS.metadata(content), TensorMessage.noFloats());
  }

  /** The message {@code Event} with a {@code Summary} of one value. */
  private void value(String tag, long step, ProtobufWriter metadata, ProtobufWriter tensor)
      throws IOException {
    ProtobufWriter value =
        new ProtobufWriter().string(1, tag).message(9, metadata).message(8, tensor);
    ProtobufWriter summary = new ProtobufWriter().message(1, value);
    write(event(step).message(5, summary));
  }

  /** The message {@code Event} of now and a step, to which what happened has to be added. */
  private ProtobufWriter event(long step) {
    return new ProtobufWriter().float64(1, now()).varint(2, step);
  }

  private void write(ProtobufWriter event) throws IOException {
    write(() -> records.write(event.toByteArray()));
  }

  /** Seconds since 1970. */
  private double now() {
    return clock.millis() / MILLIS;
  }

  /** Hands all that was written to the system: a killed process loses nothing of it. */
  public void flush() throws IOException {
    write(records::flush);
  }

  @Override
  public void close() throws IOException {
    write(records::close);
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing writing) throws IOException {
    try {
      writing.run();
    } catch (IOException failure) {
      throw new IOException(path + ": " + failure.getMessage(), failure);
    }
  }
}
