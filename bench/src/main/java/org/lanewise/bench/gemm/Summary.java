package org.lanewise.bench.gemm;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** What all results say together. */
final class Summary {
  private static final int WORST = 10;

  private Summary() {}

  /** The geometric mean of the ratios, for each number of threads and for all. */
  static void means(PrintWriter out, List<Result> results) {
    List<Integer> threads = results.stream().map(Result::threads).distinct().toList();
    out.println();
    for (int count : threads) {
      mean(out, Table.threads(count), ofThreads(results, count));
    }
    if (threads.size() > 1) {
      mean(out, "all", results);
    }
  }

  private static void mean(PrintWriter out, String what, List<Result> results) {
    OptionalDouble mean = Result.meanRatio(results);
    if (mean.isPresent()) {
      out.printf(
          "Geometric mean of the ratios, %s: %s (%d %s)%n",
          what,
          Table.ratio(mean.getAsDouble()),
          results.size(),
          results.size() == 1 ? "result" : "results");
    }
  }

  /** How the ratios are distributed, and the worst of them, for each number of threads. */
  static void distributions(PrintWriter out, List<Result> results) {
    for (int count : results.stream().map(Result::threads).distinct().toList()) {
      List<Result> sorted =
          ofThreads(results, count).stream()
              .filter(result -> result.ratio().isPresent())
              .sorted(Comparator.comparingDouble(result -> result.ratio().orElseThrow()))
              .toList();
      if (!sorted.isEmpty()) {
        distribution(out, count, sorted);
      }
    }
  }

  private static void distribution(PrintWriter out, int threads, List<Result> sorted) {
    out.println();
    out.printf(
        "Ratios, %s: min %s, 1 %% %s, 10 %% %s, median %s, 90 %% %s%n",
        Table.threads(threads),
        Table.ratio(quantile(sorted, 0)),
        Table.ratio(quantile(sorted, 0.01)),
        Table.ratio(quantile(sorted, 0.1)),
        Table.ratio(quantile(sorted, 0.5)),
        Table.ratio(quantile(sorted, 0.9)));
    out.println("The worst:");
    for (Result result : sorted.subList(0, Math.min(WORST, sorted.size()))) {
      Shape shape = result.shape();
      out.printf(
          "  %s  %s, lda %d, ldb %d, ldc %d: %s GFLOP/s%n",
          Table.ratio(result.ratio().orElseThrow()),
          shape,
          shape.lda(),
          shape.ldb(),
          shape.ldc(),
          Table.speed(result.lanewise().gflops()));
    }
  }

  /** The smallest ratio that is not exceeded by that part of all. */
  static double quantile(List<Result> sorted, double part) {
    int index = Math.max(0, (int) Math.ceil(part * sorted.size()) - 1);
    return sorted.get(index).ratio().orElseThrow();
  }

  private static List<Result> ofThreads(List<Result> results, int threads) {
    return results.stream().filter(result -> result.threads() == threads).toList();
  }
}
