package org.lanewise.samples.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    List<EpochResult> epochs =
        List.of(
            new EpochResult(
                1,
                0.5,
                new Evaluation(0.4, new TreeMap<>(Map.of("accuracy", 0.9))),
                1000,
                2,
                3,
                0.4));
    List<Section> sections = new ArrayList<>(Epochs.curves(epochs));
    sections.add(
        new Section.Confusion(
            "Confusion matrix", "n", List.of("cat", "dog"), List.of(List.of(8, 1), List.of(0, 1))));
    sections.add(
        new Section.Mistakes(
            "Mistakes",
            "n",
            List.of(
                new Section.Mistake(
                    Pictures.dataUri(new float[] {0, 1, 0.5f, 0}, 2), "cat", "dog", 0.75))));
    sections.add(Epochs.table(epochs));
    sections.add(new Section.Properties("Configuration", Map.of("Batch", "128")));
    sections.add(new Section.Properties("Machine", Machine.describe("cpu")));
    sections.add(new Section.Text("Model", "layer  output"));
    Report report = new Report(NASTY, Epochs.headline(epochs, 1, 10), sections);
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
    assertThat(data.at("/headline/0/value").stringValue()).isEqualTo("90.00 %");
    assertThat(data.at("/sections").valueStream().map(section -> section.get("type").stringValue()))
        .containsExactly(
            "Curves",
            "Curves",
            "Confusion",
            "Mistakes",
            "Table",
            "Properties",
            "Properties",
            "Text");
    assertThat(data.at("/sections/1/series/0/values/0").doubleValue()).isEqualTo(0.9);
    assertThat(data.at("/sections/2/counts/0/1").intValue()).isEqualTo(1);
    assertThat(data.at("/sections/3/mistakes/0/picture").stringValue())
        .startsWith("data:image/png;base64,");
    assertThat(data.at("/sections/6/properties/JDK").stringValue()).isNotEmpty();
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
    assertThat(html).contains("uPlot=", ".u-legend", "confusion(section)", ".pair");
    assertThat(html.replace("{{data}} $1", "")).doesNotContain("{{");
    assertThat(Pattern.compile("</script>").matcher(html).results()).hasSize(4);
  }
}
