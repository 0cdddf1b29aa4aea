package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.data.Batches;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class HistoryTest {
  private static final String NASTY = "top-5, \"strict\"\r\nline";

  @TempDir private Path folder;

  private static Evaluation evaluation(double loss, Object... metrics) {
    SequencedMap<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < metrics.length; i += 2) {
      map.put((String) metrics[i], (Double) metrics[i + 1]);
    }
    return new Evaluation(loss, map);
  }

  private static final History HISTORY =
      new History(
          List.of(
              new EpochResult(1, 0.1 + 0.2, null, 1e300, Double.MIN_VALUE, 0, Double.NaN),
              new EpochResult(
                  2,
                  1.0,
                  evaluation(Double.NaN, "accuracy", 1 / 3.0, NASTY, Double.NEGATIVE_INFINITY),
                  100,
                  2.5,
                  Long.MAX_VALUE,
                  0.25)));

  @Test
  void csvHasARowForEachEpoch() {
    assertThat(Rfc4180.read(HISTORY.csv()))
        .containsExactly(
            List.of(
                "epoch",
                "train_loss",
                "validation_loss",
                "validation_accuracy",
                "validation_" + NASTY,
                "samples_per_s",
                "seconds",
                "flops",
                "utilization"),
            List.of("1", "0.30000000000000004", "", "", "", "1.0E300", "4.9E-324", "0", ""),
            List.of(
                "2",
                "1.0",
                "NaN",
                "0.3333333333333333",
                "-Infinity",
                "100.0",
                "2.5",
                "9223372036854775807",
                "0.25"));
  }

  @Test
  void anEmptyHistoryIsAHead() {
    History empty = new History(List.of());
    assertThat(empty.csv())
        .isEqualTo("epoch,train_loss,validation_loss,samples_per_s,seconds,flops,utilization\r\n");
    assertThat(empty.json()).isEqualTo("[]\n");
  }

  @Test
  void jsonHasAnObjectForEachEpoch() {
    assertThat(HISTORY.json())
        .isEqualTo(
            """
            [{"epoch":1,"train_loss":0.30000000000000004,"samples_per_s":1.0E300,\
            "seconds":4.9E-324,"flops":0},\
            {"epoch":2,"train_loss":1.0,"validation":{"loss":"NaN","metrics":\
            {"accuracy":0.3333333333333333,"top-5, \\"strict\\"\\r\\nline":"-Infinity"}},\
            "samples_per_s":100.0,"seconds":2.5,"flops":9223372036854775807,"utilization":0.25}]
            """);
  }

  @Test
  void filesHaveTheEpochsBeforeAResume() throws IOException {
    Path csv = folder.resolve("new folder/history.csv");
    Path json = folder.resolve("history.JSON");
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = Batches.of(Models.points(40, 1)).size(16);
    TrainerBuilder settings =
        Trainer.classifier(new Models.Mlp())
            .callbacks(Callback.history(csv), Callback.history(json));
    try (Trainer trainer = settings.build()) {
      trainer.fit(data, data, 1);
      trainer.saveCheckpoint(checkpoint);
    }
    try (Trainer trainer = settings.build()) {
      trainer.resume(checkpoint, data);
      History history = trainer.fit(data, data, 3);
      assertThat(Files.readString(csv)).isEqualTo(history.csv());
      List<List<String>> rows = Rfc4180.read(history.csv());
      assertThat(rows).hasSize(4);
      for (int i = 0; i < 3; i++) {
        assertThat(Double.parseDouble(rows.get(i + 1).get(1)))
            .isEqualTo(history.epochs().get(i).trainLoss());
        assertThat(Double.parseDouble(rows.get(i + 1).get(3)))
            .isEqualTo(history.epochs().get(i).validation().accuracy());
      }
      assertThat(numbers(Files.readString(json), "train_loss"))
          .isEqualTo(history.epochs().stream().map(EpochResult::trainLoss).toList());
    }
  }

  private static List<Double> numbers(String json, String name) {
    List<Double> numbers = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_NUMBER_FLOAT && name.equals(parser.currentName())) {
          numbers.add(parser.getDoubleValue());
        }
      }
    }
    return numbers;
  }
}
