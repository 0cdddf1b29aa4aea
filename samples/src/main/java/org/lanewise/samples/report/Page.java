package org.lanewise.samples.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** A report as HTML: a template, with style, scripts and data put where it has placeholders. */
final class Page {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

  private Page() {}

  static String of(Report report) {
    Map<String, String> parts =
        Map.of(
            "style", resource("report.css"),
            "uplotStyle", resource("uplot/uPlot.min.css"),
            "uplotScript", resource("uplot/uPlot.iife.min.js"),
            "script", resource("report.js"),
            "data", json(report));
    return PLACEHOLDER
        .matcher(resource("report.html"))
        .replaceAll(place -> Matcher.quoteReplacement(parts.get(place.group(1))));
  }

  /** JSON that may stand in a script element, which ends at the first {@code </}. */
  private static String json(Report report) {
    return JSON.writeValueAsString(report).replace("<", "\\u003c");
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
