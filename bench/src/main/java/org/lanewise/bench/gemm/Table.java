package org.lanewise.bench.gemm;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;

/** Prints results as they come: a line each, with a column for each implementation. */
final class Table {
  private static final int MIN_WIDTH = 9;
  private static final double SLOWER = 0.95;

  private final PrintWriter out;
  private final List<String> implementations;
  private final int shapeWidth;
  private double peak;

  /** A table for the given shapes, with Lanewise in the first column. */
  Table(PrintWriter out, List<Shape> shapes, List<String> implementations) {
    this.out = out;
    this.implementations = implementations;
    shapeWidth = shapes.stream().mapToInt(shape -> shape.toString().length()).max().orElse(0);
  }

  /**
   * Begins the part of a number of threads.
   *
   * @param peak what they do together
   * @param peakOfOne what a single thread does: some machines have fewer processors than they say
   */
  void header(int threads, double peak, double peakOfOne) {
    this.peak = peak;
    out.println();
    out.println(
        "%s, FMA peak %s GFLOP/s%s"
            .formatted(
                threads(threads),
                speed(peak),
                threads == 1 ? "" : " (%.2f × that of 1 thread)".formatted(peak / peakOfOne)));
    StringBuilder line = new StringBuilder(left("M×K×N"));
    implementations.forEach(name -> line.append(right(name, width(name))));
    out.println(line.append(right("ratio", 8)).append(right("of peak", 9)));
  }

  /** Adds a line, with a remark if the machine itself was slower then than at the beginning. */
  void row(Result result) {
    StringBuilder line = new StringBuilder(left(result.shape().toString()));
    Stream.concat(Stream.of(result.lanewise()), result.peers().stream())
        .forEach(measurement ->
            line.append(right(speed(measurement.gflops()), width(measurement.implementation()))));
    String ratio = result.ratio().isPresent() ? ratio(result.ratio().getAsDouble()) : "";
    line.append(right(ratio, 8));
    line.append(right("%.1f %%".formatted(100 * result.lanewise().gflops() / result.peak()), 9));
    if (result.peak() < SLOWER * peak) {
      line.append("   peak was ").append(speed(result.peak()));
    }
    out.println(line);
  }

  private String left(String text) {
    return text + " ".repeat(Math.max(0, shapeWidth - text.length()));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(1, width - text.length())) + text;
  }

  private static int width(String name) {
    return Math.max(name.length(), MIN_WIDTH) + 2;
  }

  static String threads(int threads) {
    return threads + (threads == 1 ? " thread" : " threads");
  }

  static String speed(double gflops) {
    return (gflops < 10 ? "%.2f" : "%.1f").formatted(gflops);
  }

  static String ratio(double ratio) {
    return "%.3f".formatted(ratio);
  }
}
