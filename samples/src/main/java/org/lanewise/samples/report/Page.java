package org.lanewise.samples.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** HTML: a template, with style, scripts and data put where it has placeholders. */
public final class Page {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

  private Page() {}

  /** A report. */
  static String of(Report report) {
    return fill("report.html", Map.of("script", resource("report.js"), "data", json(report)));
  }

  /** A page that asks for {@code metrics.json} beside it again and again. */
  public static String live() {
    return fill("live.html", Map.of("script", resource("live.js")));
  }

  private static String fill(String template, Map<String, String> own) {
    Map<String, String> parts = new HashMap<>(own);
    parts.put("style", resource("report.css"));
    parts.put("uplotStyle", resource("uplot/uPlot.min.css"));
    parts.put("uplotScript", resource("uplot/uPlot.iife.min.js"));
    parts.put("elements", resource("elements.js"));
    return PLACEHOLDER
        .matcher(resource(template))
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
