package org.lanewise.samples.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Evaluation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
  private static final String NASTY = "</script><!-- {{data}} $1 \\ \"é";

  @TempDir private Path folder;
  private String html;

  @BeforeEach
  void write() throws IOException {
    Report report =
        new Report(
            NASTY,
            List.of(
                new EpochResult(
                    1,
                    0.5,
                    new Evaluation(0.4, new TreeMap<>(Map.of("accuracy", 0.9))),
                    1000,
                    2,
                    3,
                    0.4)),
            List.of("cat", "dog"),
            List.of(List.of(8, 1), List.of(0, 1)),
            List.of(
                new Report.Mistake(
                    Pictures.dataUri(new float[] {0, 1, 0.5f, 0}, 2), "cat", "dog", 0.75)),
            Map.of("Batch", "128"),
            Machine.describe("cpu"),
            "layer  output");
    report.write(folder.resolve("report.html"));
    html = Files.readString(folder.resolve("report.html"));
  }

  @Test
  void anInterruptedThreadWritesTheSame() throws IOException {
    String before = html;
    Thread.currentThread().interrupt();
    try {
      write();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(html).isEqualTo(before);
  }

  @Test
  void carriesItsDataAsJson() {
    Matcher script =
        Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>")
            .matcher(html);
    assertThat(script.find()).isTrue();

    JsonNode data = new JsonMapper().readTree(script.group(1));

    assertThat(data.get("title").stringValue()).isEqualTo(NASTY);
    assertThat(data.at("/epochs/0/validation/metrics/accuracy").doubleValue()).isEqualTo(0.9);
    assertThat(data.at("/confusion/0/1").intValue()).isEqualTo(1);
    assertThat(data.at("/mistakes/0/picture").stringValue()).startsWith("data:image/png;base64,");
    assertThat(data.at("/machine/JDK").stringValue()).isNotEmpty();
  }

  @Test
  void needsNoOtherFile() {
    assertThat(html)
        .doesNotContainPattern("(?i)\\b(src|href|action|poster|srcset)\\s*=\\s*[\"'][^\"']")
        .doesNotContainPattern("(?i)@import|url\\(|<link|<iframe|<base")
        .doesNotContainPattern("\\b(fetch|XMLHttpRequest|WebSocket|importScripts)\\b");
  }

  /** Those before 1.6.31 have CVE-2024-21489. */
  @Test
  void hasAChartLibraryWithoutKnownVulnerabilities() {
    Matcher version = Pattern.compile("uPlot \\(v1\\.6\\.(\\d+)\\)").matcher(html);
    assertThat(version.find()).isTrue();
    assertThat(Integer.parseInt(version.group(1))).isGreaterThanOrEqualTo(31);
  }

  @Test
  void fillsEveryPlaceOfTheTemplate() {
    assertThat(html).contains("uPlot=", ".u-legend", "showConfusion()", ".pair");
    assertThat(html.replace("{{data}} $1", "")).doesNotContain("{{");
    assertThat(Pattern.compile("</script>").matcher(html).results()).hasSize(3);
  }
}
