package org.lanewise.nn.tensorboard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.tensorboard.Events.Message;

class EventFileTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_250L));

  @TempDir private Path folder;

  @FunctionalInterface
  private interface Writing {
    void to(EventFile file) throws IOException;
  }

  private List<Message> written(Writing writing) throws IOException {
    try (EventFile file = EventFile.create(folder, CLOCK)) {
      writing.to(file);
      file.flush();
      return Events.read(file.path());
    }
  }

  private static void assertPlugin(Message value, String plugin, int dataClass) {
    assertThat(value.message(9).message(1).text(1)).isEqualTo(plugin);
    assertThat(value.message(9).number(4)).isEqualTo(dataClass);
  }

  private static List<Long> dimensions(Message tensor) {
    return tensor.message(2).messages(2).stream().map(dimension -> dimension.number(1)).toList();
  }

  @Test
  void checksumsAreThoseOfTheStandard() {
    assertThat(Events.crc32c("123456789".getBytes(US_ASCII))).isEqualTo(0xE3069283);
  }

  @Test
  void beginsWithItsVersion() throws IOException {
    List<Message> events = written(file -> file.begin(7));
    assertThat(events).hasSize(2);
    assertThat(events.get(0).text(3)).isEqualTo("brain.Event:2");
    assertThat(events.get(0).real(1)).isEqualTo(1_700_000_000.25);
    assertThat(events.get(1).number(2)).isEqualTo(7);
    assertThat(events.get(1).message(7).number(1)).as("START").isEqualTo(1);
  }

  @Test
  void aScalarIsATensor() throws IOException {
    List<Message> events = written(file -> file.scalar("train/löss", 1L << 40, 0.1));
    assertThat(Events.steps(events, "train/löss")).containsExactly(1L << 40);
    Message value = Events.values(events, "train/löss").getFirst();
    assertPlugin(value, "scalars", 1);
    assertThat(value.message(8).number(1)).as("DT_FLOAT").isEqualTo(1);
    assertThat(dimensions(value.message(8))).isEmpty();
    assertThat(value.message(8).floats(5)).isEqualTo(0.1f);
  }

  @Test
  void aHistogramCountsFiniteValues() throws IOException {
    HostTensor values =
        HostTensor.of(new float[] {-1, 2, Float.NaN, 0.45f, 0.5f, Float.NEGATIVE_INFINITY, 2}, 7);
    Message value = Events.values(written(file -> file.histogram("w", 1, values)), "w").getFirst();
    assertPlugin(value, "histograms", 2);
    assertThat(value.message(8).number(1)).as("DT_DOUBLE").isEqualTo(2);
    assertThat(dimensions(value.message(8))).containsExactly(30L, 3L);
    double[] buckets = value.message(8).doubles(6);
    assertThat(buckets).hasSize(90);
    double[] counts = new double[30];
    for (int i = 0; i < 30; i++) {
      assertThat(buckets[3 * i]).isEqualTo(-1 + i * 0.1);
      assertThat(buckets[3 * i + 1]).isEqualTo(i == 29 ? 2 : -1 + (i + 1) * 0.1);
      counts[i] = buckets[3 * i + 2];
    }
    double[] expected = new double[30];
    expected[0] = 1; // -1
    expected[14] = 1; // 0.45
    expected[15] = 1; // 0.5
    expected[29] = 2; // 2 is the right edge
    assertThat(counts).containsExactly(expected);
  }

  @Test
  void aHistogramOfOneValueOrOfNone() {
    double[] same = Histogram.of(HostTensor.of(new float[] {3, 3, 3}, 3));
    assertThat(same).startsWith(3, 3, 0).endsWith(3, 3, 3);
    assertThat(Histogram.of(HostTensor.of(new float[0], 0))).containsOnly(0);
    assertThat(Histogram.of(HostTensor.of(new float[] {Float.NaN}, 1))).containsOnly(0);
  }

  @Test
  void anImageIsItsSizeAndItsBytes() throws IOException {
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', 0, -1};
    Message value =
        Events.values(written(file -> file.image("digit", 3, png, 28, 14)), "digit").getFirst();
    assertPlugin(value, "images", 3);
    assertThat(value.message(8).number(1)).as("DT_STRING").isEqualTo(7);
    assertThat(dimensions(value.message(8))).containsExactly(3L);
    assertThat(value.message(8).texts(8).subList(0, 2)).containsExactly("28", "14");
    assertThat((byte[]) value.message(8).all(8).get(2)).isEqualTo(png);
    assertThatThrownBy(() -> written(file -> file.image("digit", 3, png, 0, 14)))
        .hasMessage("width and height must be at least 1 but are 0 and 14");
  }

  @Test
  void aTextIsAString() throws IOException {
    Message value =
        Events.values(written(file -> file.text("notes", 0, "# größer\n")), "notes").getFirst();
    assertPlugin(value, "text", 2);
    assertThat(value.message(8).number(1)).isEqualTo(7);
    assertThat(value.message(8).texts(8)).containsExactly("# größer\n");
  }

  @Test
  void hyperparametersHaveTypes() throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rate", 0.1);
    values.put("optimizer", "adam");
    values.put("augmented", true);
    values.put("batch", 128);
    List<Message> events =
        written(file -> {
          file.hyperparameters(values, List.of("epoch/validation_loss"));
          file.end(true);
        });
    Message experiment = content(events, "_hparams_/experiment").message(2);
    assertThat(experiment.messages(4).stream().map(info -> info.text(1) + info.number(4)))
        .containsExactly("rate3", "optimizer1", "augmented2", "batch3");
    assertThat(experiment.message(5).message(1).text(2)).isEqualTo("epoch/validation_loss");
    Message start = content(events, "_hparams_/session_start_info").message(3);
    List<Message> entries = start.messages(1);
    assertThat(entries.stream().map(entry -> entry.text(1)))
        .containsExactlyElementsOf(values.keySet());
    assertThat(entries.get(0).message(2).real(2)).isEqualTo(0.1);
    assertThat(entries.get(1).message(2).text(3)).isEqualTo("adam");
    assertThat(entries.get(2).message(2).number(4)).isEqualTo(1);
    assertThat(entries.get(3).message(2).real(2)).isEqualTo(128);
    assertThat(start.real(5)).isEqualTo(1_700_000_000.25);
    Message end = content(events, "_hparams_/session_end_info").message(4);
    assertThat(end.number(1)).as("SUCCESS").isEqualTo(1);
    assertThatThrownBy(
            () -> written(file -> file.hyperparameters(Map.of("x", List.of()), List.of())))
        .hasMessage("hyperparameter 'x' must be a number, a boolean or a string but is []");
  }

  private static Message content(List<Message> events, String tag) {
    Message value = Events.values(events, tag).getFirst();
    assertPlugin(value, "hparams", 2);
    assertThat(dimensions(value.message(8))).containsExactly(0L);
    return value.message(9).message(1).message(2);
  }

  @Test
  void aFileSortsAfterThoseBefore() throws IOException {
    Files.createFile(folder.resolve("events.out.tfevents.1700000005.host.7.0.v2"));
    Files.createFile(folder.resolve("other.9999999999"));
    EventFile.create(folder, CLOCK).close();
    EventFile.create(folder, CLOCK).close();
    assertThat(Events.files(folder))
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "events.out.tfevents.1700000005.host.7.0.v2",
            "events.out.tfevents.1700000006.lanewise",
            "events.out.tfevents.1700000007.lanewise",
            "other.9999999999");
  }

  @Test
  void anInterruptedThreadWritesTheSame() throws IOException {
    Thread.currentThread().interrupt();
    List<Message> events = written(file -> file.scalar("x", 1, 2));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Events.steps(events, "x")).containsExactly(1L);
  }
}
