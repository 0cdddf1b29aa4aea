package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.kernels.backend.Origin;
import org.lanewise.kernels.backend.Timeline;
import org.lanewise.nn.data.Batches;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class TraceFileTest {
  @TempDir private Path folder;

  private static Object parse(String json) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      default -> parser.getDecimalValue();
    };
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> events(String json) {
    return (List<Map<String, Object>>) ((Map<String, Object>) parse(json)).get("traceEvents");
  }

  private static List<Map<String, Object>> complete(String json) {
    return events(json).stream().filter(event -> event.get("ph").equals("X")).toList();
  }

  private static List<Object> names(List<Map<String, Object>> events, String category) {
    return events.stream()
        .filter(event -> event.get("cat").equals(category))
        .map(event -> event.get("name"))
        .toList();
  }

  private static Timeline.Run run(String layer, String phase, long start, long end, long device) {
    Timeline.Label label = new Timeline.Label(new Origin(layer, phase), "Gemm", "f32[2]", "f32[3]");
    return new Timeline.Run(label, "main", start, end, device);
  }

  @Test
  void stepsHavePhasesAndThoseOps() {
    String nasty = "fc\"\\\n\u001b[31m\u202e";
    ChromeTrace trace =
        new ChromeTrace(
            "cpu: two",
            List.of(
                run(nasty, "forward", 5_000, 6_001, -1),
                run("", "backward", 7_000, 8_000, -1),
                run("", "backward", 8_000, 9_000, -1),
                run("", "forward", 20_000, 21_000, -1)),
            List.of(
                new Timeline.Part(1, 4, 5_100, 5_900),
                new Timeline.Part(0, 2, 5_100, 6_000),
                new Timeline.Part(1, 1, 6_500, 6_600)),
            List.of(
                new ChromeTrace.Span("step 1", 10_000), new ChromeTrace.Span("step 2", 30_000)));
    String json = trace.json();
    List<Map<String, Object>> events = complete(json);
    assertThat(names(events, "step")).containsExactly("step 1", "step 2");
    assertThat(names(events, "phase")).containsExactly("forward", "backward", "forward");
    Map<String, Object> backward = events.get(2);
    assertThat(backward)
        .containsEntry("ts", new BigDecimal("2.000"))
        .containsEntry("dur", new BigDecimal("2.000"))
        .containsEntry("pid", new BigDecimal(1))
        .containsEntry("tid", new BigDecimal(0));
    Map<String, Object> op =
        events.stream()
            .filter(event -> event.get("cat").equals("forward"))
            .findFirst()
            .orElseThrow();
    assertThat(op)
        .containsEntry("name", "fc\"\\\\u{a}\\u{1b}[31m\\u{202e} Gemm".replace("\\\\", "\\\\"))
        .containsEntry("ts", new BigDecimal("0.000"))
        .containsEntry("dur", new BigDecimal("1.001"));
    assertThat(op.get("args"))
        .isEqualTo(
            Map.of(
                "op", "Gemm",
                "layer", "fc\"\\\\u{a}\\u{1b}[31m\\u{202e}",
                "inputs", "f32[2]",
                "outputs", "f32[3]"));
    assertThat(events.stream().filter(event -> event.get("cat").equals("parts"))).hasSize(2);
    assertThat(json).contains("time of the host");
  }

  @Test
  void aDeviceWithAClockHasATrackOfItsOwn() {
    ChromeTrace trace =
        new ChromeTrace(
            "opencl: card",
            List.of(run("fc1", "forward", 5_000, 9_000, 1_500)),
            List.of(),
            List.of(new ChromeTrace.Span("step 1", 10_000)));
    List<Map<String, Object>> ops =
        complete(trace.json()).stream()
            .filter(event -> event.get("cat").equals("forward"))
            .toList();
    assertThat(ops).hasSize(2);
    assertThat(ops.get(1))
        .containsEntry("pid", new BigDecimal(2))
        .containsEntry("ts", new BigDecimal("2.500"))
        .containsEntry("dur", new BigDecimal("1.500"));
    assertThat(trace.json()).contains("that its profiling tells");
  }

  private static Batches batches() {
    return Batches.of(Models.points(112, 1)).size(16);
  }

  private List<Map<String, Object>> traced(int epochs) throws IOException {
    Path file = folder.resolve("new/trace.json");
    try (Trainer trainer =
        Trainer.classifier(new Models.Mlp()).threads(2).clipNorm(1).trace(file).build()) {
      trainer.fit(batches(), batches(), epochs);
    }
    return complete(Files.readString(file));
  }

  @Test
  void tracesStepsElevenToThirteen() throws IOException {
    List<Map<String, Object>> events = traced(2);
    assertThat(names(events, "step")).containsExactly("step 11", "step 12", "step 13");
    assertThat(names(events, "phase"))
        .containsExactly(
            "forward",
            "backward",
            "update",
            "forward",
            "backward",
            "update",
            "forward",
            "backward",
            "update");
    assertThat(names(events, "forward"))
        .anyMatch(name -> name.toString().startsWith("hidden Gemm"))
        .anyMatch(name -> name.toString().contains("SoftmaxCrossEntropy"));
    assertThat(names(events, "update"))
        .anyMatch(name -> name.toString().startsWith("Adam"))
        .anyMatch(name -> name.toString().startsWith("ClipNorm"));
    assertThat(names(events, "backward")).anyMatch(name -> name.toString().contains("hidden "));
  }

  @Test
  void tracesTheFirstStepsOfAShortTraining() throws IOException {
    assertThat(names(traced(1), "step")).startsWith("step 1", "step 2", "step 3");
  }

  @Test
  void weightsAreTheSame() throws IOException {
    Path plain = folder.resolve("plain");
    Path watched = folder.resolve("watched");
    for (Path file : List.of(plain, watched)) {
      TrainerBuilder settings = Trainer.classifier(new Models.Mlp()).threads(2);
      if (file == watched) {
        settings.trace(folder.resolve("trace")).checkFinite(true).profile(true).utilization(true);
      }
      try (Trainer trainer = settings.build()) {
        trainer.fit(batches(), 3);
        trainer.weights().save(file);
      }
    }
    assertThat(Files.readAllBytes(watched)).isEqualTo(Files.readAllBytes(plain));
  }
}
