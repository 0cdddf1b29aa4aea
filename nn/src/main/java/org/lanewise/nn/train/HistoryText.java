package org.lanewise.nn.train;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A history in formats that other programs read. */
final class HistoryText {
  private static final String LINE_END = "\r\n";

  private HistoryText() {}

  /** The names of all metrics that some epoch has, in the order in which they come. */
  private static Set<String> metrics(History history) {
    Set<String> names = new LinkedHashSet<>();
    for (EpochResult epoch : history.epochs()) {
      if (epoch.validation() != null) {
        names.addAll(epoch.validation().metrics().keySet());
      }
    }
    return names;
  }

  static String csv(History history) {
    Set<String> metrics = metrics(history);
    List<String> head = new ArrayList<>(List.of("epoch", "train_loss", "validation_loss"));
    metrics.forEach(name -> head.add("validation_" + name));
    head.addAll(List.of("samples_per_s", "seconds", "flops", "utilization"));
    StringBuilder text = new StringBuilder(line(head));
    for (EpochResult epoch : history.epochs()) {
      Evaluation validation = epoch.validation();
      List<String> fields = new ArrayList<>();
      fields.add(Integer.toString(epoch.epoch()));
      fields.add(Double.toString(epoch.trainLoss()));
      fields.add(validation == null ? "" : Double.toString(validation.loss()));
      for (String name : metrics) {
        Double value = validation == null ? null : validation.metrics().get(name);
        fields.add(value == null ? "" : value.toString());
      }
      fields.add(Double.toString(epoch.samplesPerSecond()));
      fields.add(Double.toString(epoch.seconds()));
      fields.add(Long.toString(epoch.flops()));
      fields.add(Double.isNaN(epoch.utilization()) ? "" : Double.toString(epoch.utilization()));
      text.append(line(fields));
    }
    return text.toString();
  }

  private static String line(List<String> fields) {
    return fields.stream().map(HistoryText::field).collect(Collectors.joining(",", "", LINE_END));
  }

  private static String field(String text) {
    boolean needsQuotes =
        text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return needsQuotes ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  static String json(History history) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartArray();
      history.epochs().forEach(epoch -> write(json, epoch));
      json.writeEndArray();
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, EpochResult epoch) {
    json.writeStartObject();
    json.writeNumberProperty("epoch", epoch.epoch());
    json.writeNumberProperty("train_loss", epoch.trainLoss());
    if (epoch.validation() != null) {
      json.writeObjectPropertyStart("validation");
      json.writeNumberProperty("loss", epoch.validation().loss());
      json.writeObjectPropertyStart("metrics");
      epoch.validation().metrics().forEach(json::writeNumberProperty);
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeNumberProperty("samples_per_s", epoch.samplesPerSecond());
    json.writeNumberProperty("seconds", epoch.seconds());
    json.writeNumberProperty("flops", epoch.flops());
    if (!Double.isNaN(epoch.utilization())) {
      json.writeNumberProperty("utilization", epoch.utilization());
    }
    json.writeEndObject();
  }
}
