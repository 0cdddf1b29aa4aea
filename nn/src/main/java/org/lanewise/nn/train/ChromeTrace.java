package org.lanewise.nn.train;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lanewise.kernels.backend.Timeline;
import org.lanewise.nn.io.Printable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What ran when, in the trace event format of Chrome ("Trace Event Format", Google, 2016), which
 * Perfetto and chrome://tracing show. The thread that trains has the steps, in them their phases,
 * and in these the ops; each worker has its share of the ops; and a device with a clock of its own
 * has the time that ops took there, placed so that they end when the host saw their end.
 *
 * @param device in words
 * @param runs in order
 * @param parts of these runs
 * @param spans what the runs belong to, one after the other
 */
record ChromeTrace(
    String device, List<Timeline.Run> runs, List<Timeline.Part> parts, List<Span> spans) {
  private static final int HOST = 1;
  private static final int DEVICE = 2;

  /**
   * What a training did until some time, since the span before.
   *
   * @param end by {@link System#nanoTime}
   */
  record Span(String name, long end) {}

  /** The file's text. */
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("displayTimeUnit", "ms");
      json.writeObjectPropertyStart("otherData");
      json.writeStringProperty("device", Printable.line(device));
      json.writeStringProperty("clock", clock());
      json.writeEndObject();
      json.writeArrayPropertyStart("traceEvents");
      new Events(json, runs.isEmpty() ? 0 : runs.getFirst().start()).write(this);
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  private boolean hasDevice() {
    return runs.stream().anyMatch(run -> run.onDevice() >= 0);
  }

  private String clock() {
    return hasDevice()
        ? "ops on the device have the duration that its profiling tells, and end when the host saw"
            + " their end; the rest is time of the host"
        : "time of the host";
  }

  /** Writes the events. */
  private record Events(JsonGenerator json, long origin) {
    void write(ChromeTrace trace) {
      process(HOST, "host");
      thread(HOST, 0, trace.runs.isEmpty() ? "training" : trace.runs.getFirst().thread());
      if (trace.hasDevice()) {
        process(DEVICE, "device");
        thread(DEVICE, 0, "ops");
      }
      trace.parts.stream()
          .mapToInt(Timeline.Part::thread)
          .filter(thread -> thread > 0)
          .distinct()
          .sorted()
          .forEach(thread -> thread(HOST, thread, "worker " + thread));
      spans(trace);
      trace.runs.forEach(this::op);
      parts(trace);
    }

    private void process(int id, String name) {
      name("process_name", id, 0, name);
    }

    private void thread(int process, int id, String name) {
      name("thread_name", process, id, name);
    }

    private void name(String kind, int process, int thread, String name) {
      json.writeStartObject();
      json.writeStringProperty("ph", "M");
      json.writeStringProperty("name", kind);
      json.writeNumberProperty("pid", process);
      json.writeNumberProperty("tid", thread);
      arguments(Map.of("name", name));
      json.writeEndObject();
    }

    /** Steps, and phases in them. */
    private void spans(ChromeTrace trace) {
      int from = 0;
      for (Span span : trace.spans) {
        int to = from;
        while (to < trace.runs.size() && trace.runs.get(to).start() < span.end) {
          to++;
        }
        if (to > from) {
          complete(HOST, 0, "step", span.name, trace.runs.get(from).start(), span.end, Map.of());
          phases(trace.runs.subList(from, to));
        }
        from = to;
      }
    }

    private void phases(List<Timeline.Run> runs) {
      List<Timeline.Run> same = new ArrayList<>();
      for (Timeline.Run run : runs) {
        if (!same.isEmpty() && !phase(same.getFirst()).equals(phase(run))) {
          phase(phase(same.getFirst()), same);
          same.clear();
        }
        same.add(run);
      }
      phase(phase(same.getFirst()), same);
    }

    private static String phase(Timeline.Run run) {
      return run.label().origin().phase();
    }

    private void phase(String name, List<Timeline.Run> runs) {
      if (!name.isEmpty()) {
        long start = runs.getFirst().start();
        complete(HOST, 0, "phase", name, start, runs.getLast().end(), Map.of());
      }
    }

    private void op(Timeline.Run run) {
      Timeline.Label label = run.label();
      Map<String, String> arguments = new TreeMap<>();
      arguments.put("op", label.op());
      arguments.put("layer", label.origin().layer());
      arguments.put("inputs", label.inputs());
      arguments.put("outputs", label.outputs());
      String name = name(label);
      complete(HOST, 0, category(label), name, run.start(), run.end(), arguments);
      if (run.onDevice() >= 0) {
        long start = run.end() - run.onDevice();
        complete(DEVICE, 0, category(label), name, start, run.end(), arguments);
      }
    }

    private static String name(Timeline.Label label) {
      String layer = label.origin().layer();
      return layer.isEmpty() ? label.op() : layer + " " + label.op();
    }

    private static String category(Timeline.Label label) {
      return label.origin().phase().isEmpty() ? "op" : label.origin().phase();
    }

    /** What threads did of the runs; parts of what is no run, as a measurement is, are left out. */
    private void parts(ChromeTrace trace) {
      TreeMap<Long, Timeline.Run> byStart = new TreeMap<>();
      trace.runs.forEach(run -> byStart.put(run.start(), run));
      for (Timeline.Part part : trace.parts) {
        var run = byStart.floorEntry(part.start());
        if (run != null && part.end() <= run.getValue().end()) {
          Timeline.Label label = run.getValue().label();
          Map<String, String> arguments = Map.of("parts", Integer.toString(part.count()));
          complete(
              HOST,
              part.thread(),
              "parts",
              part.thread() == 0 ? "parts" : name(label),
              part.start(),
              part.end(),
              arguments);
        }
      }
    }

    private void complete(
        int process,
        int thread,
        String category,
        String name,
        long start,
        long end,
        Map<String, String> arguments) {
      json.writeStartObject();
      json.writeStringProperty("ph", "X");
      json.writeStringProperty("name", Printable.line(name));
      json.writeStringProperty("cat", Printable.line(category));
      json.writeNumberProperty("pid", process);
      json.writeNumberProperty("tid", thread);
      json.writeNumberProperty("ts", micros(start - origin));
      json.writeNumberProperty("dur", micros(end - start));
      arguments(arguments);
      json.writeEndObject();
    }

    private void arguments(Map<String, String> values) {
      json.writeObjectPropertyStart("args");
      values.forEach((key, value) -> json.writeStringProperty(key, Printable.line(value)));
      json.writeEndObject();
    }

    private static BigDecimal micros(long nanos) {
      return BigDecimal.valueOf(nanos, 3);
    }
  }
}
