package org.lanewise.bench.gemm;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What was measured at one shape.
 *
 * @param shape the shape
 * @param threads threads of each implementation
 * @param lanewise Lanewise's speed
 * @param peers those of the others
 * @param peak GFLOP/s of the threads in multiply-adds alone, at the same time
 */
record Result(
    Shape shape, int threads, Measurement lanewise, List<Measurement> peers, double peak) {
  /** Lanewise's speed by that of the fastest peer, if there is one. */
  OptionalDouble ratio() {
    return peers.stream()
        .max(Comparator.comparingDouble(Measurement::gflops))
        .map(best -> OptionalDouble.of(ratioTo(best)))
        .orElse(OptionalDouble.empty());
  }

  /** Lanewise's speed by that of a peer. */
  double ratioTo(Measurement peer) {
    return lanewise.gflops() / peer.gflops();
  }

  /** The geometric mean of the ratios. */
  static OptionalDouble meanRatio(List<Result> results) {
    OptionalDouble mean =
        results.stream()
            .flatMapToDouble(result -> result.ratio().stream())
            .map(Math::log)
            .average();
    return mean.isPresent() ? OptionalDouble.of(Math.exp(mean.getAsDouble())) : mean;
  }
}
