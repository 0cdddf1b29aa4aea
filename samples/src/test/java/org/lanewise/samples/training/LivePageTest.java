package org.lanewise.samples.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Evaluation;
import org.lanewise.nn.train.History;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LivePageTest {
  private LivePage page;
  private HttpClient client;

  @BeforeEach
  void open() throws IOException {
    page = LivePage.open("mnist", 3);
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void close() {
    page.close();
    client.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(page.address() + path)).build();
    return client.send(request, BodyHandlers.ofString());
  }

  @Test
  void showsWhatIsThere() throws Exception {
    Evaluation evaluation = new Evaluation(0.4, new TreeMap<>(Map.of("accuracy", 0.9)));
    List<EpochResult> epochs = List.of(new EpochResult(1, 0.5, evaluation, 1000, 2, 3, Double.NaN));
    page.begin(Map.of("fold", 2), new History(epochs));

    JsonNode metrics = new JsonMapper().readTree(get("metrics.json").body());

    assertThat(metrics.at("/title").stringValue()).isEqualTo("mnist");
    assertThat(metrics.at("/part").stringValue()).isEqualTo("fold 2");
    assertThat(metrics.at("/epochs").intValue()).isEqualTo(3);
    assertThat(metrics.at("/running/epoch").intValue()).isEqualTo(2);
    assertThat(metrics.at("/finished/0/validation/metrics/accuracy").doubleValue()).isEqualTo(0.9);
  }

  @Test
  void thePageHasAllThatItNeedsButTheMetrics() throws Exception {
    HttpResponse<String> response = get("");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'");
    assertThat(response.body())
        .contains("uPlot=", "role=\"status\"", "fetch(\"metrics.json\")")
        .doesNotContain("{{")
        .doesNotContainPattern("(?i)\\b(src|href)\\s*=\\s*[\"'][^\"']");
  }

  @Test
  void refusesWhatItDoesNotHave() throws Exception {
    assertThat(get("other").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(page.address()))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  /** Else a page elsewhere could have its name mean this computer, and read the metrics. */
  @Test
  void refusesOtherNames() throws Exception {
    int port = URI.create(page.address()).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "GET /metrics.json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(response).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void isReachedFromThisComputerAloneAndUntilItIsClosed() throws Exception {
    assertThat(InetAddress.getByName(URI.create(page.address()).getHost()).isLoopbackAddress())
        .isTrue();
    page.close();
    assertThatThrownBy(() -> get("")).isInstanceOf(ConnectException.class);
  }
}
