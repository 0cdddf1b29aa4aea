package org.lanewise.samples.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.History;
import org.lanewise.nn.train.Trainer;
import org.lanewise.samples.report.Page;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page that shows a training's metrics while it runs, served on a free port of the loopback
 * interface until it is closed. The training's thread only leaves numbers behind; what becomes of
 * them is done by the thread of the server.
 */
final class LivePage implements Callback, Closeable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long MILLION = 1_000_000;
  private static final int UPDATE_MILLIS = 200;

  /** Means of the loss that are shown; when there are more, every second one is left out. */
  private static final int MOST_POINTS = 1000;

  private static final int OK = 200;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int WRONG_METHOD = 405;

  private final HttpServer server;
  private final ExecutorService thread;
  private final String title;
  private final int epochs;

  /** What follows is guarded by this; steps come a few times a second. */
  private String part = "";

  private List<EpochResult> finished = List.of();
  private final List<Point> points = new ArrayList<>();
  private Running running = new Running(1, 0, 0);
  private long lastUpdate;
  private long updatesPerPoint = 1;
  private long updates;

  /** The mean loss of the running epoch after a step. */
  private record Point(long step, double loss) {}

  /** How far the running epoch is. */
  private record Running(int epoch, long samplesDone, long samples) {}

  /** What the page asks for. */
  private record Metrics(
      String title,
      String part,
      int epochs,
      Running running,
      List<EpochResult> finished,
      List<Point> points) {}

  private LivePage(HttpServer server, String title, int epochs) {
    this.server = server;
    this.title = title;
    this.epochs = epochs;
    thread =
        Executors.newSingleThreadExecutor(task -> {
          Thread daemon = new Thread(task, "live page");
          daemon.setDaemon(true);
          return daemon;
        });
  }

  /**
   * Opens a page.
   *
   * @param title what is trained
   * @param epochs that the training will have
   * @throws IOException if there is no port
   */
  static LivePage open(String title, int epochs) throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(anyPort, 0);
    LivePage page = new LivePage(server, title, epochs);
    server.setExecutor(page.thread);
    server.createContext("/", page::answer);
    server.start();
    return page;
  }

  /** What to type into a browser. */
  String address() {
    return "http://%s/".formatted(host());
  }

  private String host() {
    InetSocketAddress address = server.getAddress();
    String name = address.getAddress().getHostAddress();
    return "%s:%d".formatted(name.contains(":") ? "[" + name + "]" : name, address.getPort());
  }

  // ---- The training's thread ------------------------------------------------------------------

  /**
   * Goes on with a training.
   *
   * @param labels what distinguishes it from the others of the same run, by name
   */
  synchronized void begin(Map<String, Object> labels, History before) {
    part =
        labels.entrySet().stream()
            .map(label -> label.getKey() + " " + label.getValue())
            .collect(Collectors.joining(", "));
    finished = before.epochs();
    points.clear();
    updates = 0;
    updatesPerPoint = 1;
    running = new Running(finished.size() + 1, 0, 0);
  }

  @Override
  public void onStep(Trainer trainer) {
    long now = System.nanoTime();
    if (now - lastUpdate < UPDATE_MILLIS * MILLION) {
      return;
    }
    lastUpdate = now;
    synchronized (this) {
      running = new Running(trainer.epoch(), trainer.samplesDone(), trainer.samples());
      if (updates++ % updatesPerPoint == 0) {
        points.add(new Point(trainer.steps(), trainer.meanLoss()));
        if (points.size() == MOST_POINTS) {
          for (int i = MOST_POINTS - 1; i > 0; i -= 2) {
            points.remove(i);
          }
          updatesPerPoint *= 2;
        }
      }
    }
  }

  @Override
  public synchronized void onEpoch(Trainer trainer, EpochResult result) {
    finished = trainer.history().epochs();
    running = new Running(result.epoch() + 1, 0, trainer.samples());
  }

  // ---- The server's thread --------------------------------------------------------------------

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String host = exchange.getRequestHeaders().getFirst("Host");
      String localhost = "localhost:" + server.getAddress().getPort();
      if (!host().equals(host) && !localhost.equals(host)) {
        respond(exchange, FORBIDDEN, "text/plain", "this page is for this computer alone");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        respond(exchange, WRONG_METHOD, "text/plain", "only GET");
      } else {
        switch (exchange.getRequestURI().getPath()) {
          case "/" -> respond(exchange, OK, "text/html", Page.live());
          case "/metrics.json" -> respond(exchange, OK, "application/json", metrics());
          default -> respond(exchange, NOT_FOUND, "text/plain", "no such page");
        }
      }
    }
  }

  private static void respond(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type + "; charset=utf-8");
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; connect-src 'self'; img-src data:; script-src 'unsafe-inline';"
            + " style-src 'unsafe-inline'");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private String metrics() {
    Metrics metrics;
    synchronized (this) {
      metrics = new Metrics(title, part, epochs, running, finished, List.copyOf(points));
    }
    return JSON.writeValueAsString(metrics);
  }

  /** Stops at once, whatever a browser is still waiting for. */
  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
  }
}
