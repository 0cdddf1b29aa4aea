package org.lanewise.bench.gemm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Measures implementations side by side: in each round every one has its turn, a slice of time full
 * of products, so that what the machine does otherwise meets all of them alike. Who begins changes
 * from round to round.
 *
 * <p>A turn in which the threads did not have the processors that they use is taken again: it would
 * tell of another process, or of a system that runs two of them on one processor. What decides is
 * the time that the threads ran, never their speed.
 */
final class Contest {
  /** Products before the clock starts, for caches, processor frequency and sleeping threads. */
  private static final double LEAD = 0.002;

  /** Seconds before a shape in which the JIT compiles what it has not seen of it. */
  private static final double WARM_UP = 0.2;

  /** What makes rounds be repeated: the JIT was still at work in them. */
  private static final double GOT_FASTER = 1.05;

  private static final int MAX_TRIES = 3;

  /** The part of the processors that a turn needs. The system's account is some ms late. */
  private static final double ENOUGH = 0.9;

  private static final int MAX_TURNS = 20;

  private final List<Implementation> implementations;
  private final int rounds;
  private final double slice;
  private final double firstWarmUp;
  private final BooleanSupplier stopped;
  private boolean first = true;

  /**
   * A contest of the first implementation with the others.
   *
   * @param rounds how often each has its turn
   * @param slice how long a turn takes, in seconds; at least one product
   * @param firstWarmUp seconds before the first shape in which the JIT compiles Lanewise
   * @param stopped whether to give up
   */
  Contest(
      List<Implementation> implementations,
      int rounds,
      double slice,
      double firstWarmUp,
      BooleanSupplier stopped) {
    this.implementations = implementations;
    this.rounds = rounds;
    this.slice = slice;
    this.firstWarmUp = firstWarmUp;
    this.stopped = stopped;
  }

  /** The implementations' names. */
  List<String> names() {
    return implementations.stream().map(Implementation::name).toList();
  }

  /** A product, its time, and its speeds so far. */
  private static final class Entry {
    final String name;
    final Runnable product;
    final double[] rounds;
    Timing expected;

    Entry(Implementation implementation, Operands operands, int rounds) {
      name = implementation.name();
      this.rounds = new double[rounds];
      Operands own = implementation.memory() == Memory.HEAP ? operands.onHeap() : operands;
      product = implementation.product(own);
      ResultCheck.check(name, product, own);
    }

    Measurement measurement() {
      return new Measurement(name, rounds);
    }
  }

  /**
   * Checks and measures.
   *
   * @param peak that of these threads, which has its turns too: a machine may slow down at any time
   * @return nothing if it was stopped
   */
  Optional<Result> run(Operands operands, int threads, FmaPeak peak) {
    List<Entry> entries = new ArrayList<>();
    for (Implementation implementation : implementations) {
      implementation.setThreads(threads);
      entries.add(new Entry(implementation, operands, rounds));
    }
    for (Entry entry : entries) {
      Quiet.await();
      Affinity.separateCaller();
      double least = entry != entries.getFirst() ? 0 : first ? firstWarmUp : WARM_UP;
      entry.expected = Timing.warmUp(entry.product, slice, least);
      if (stopped.getAsBoolean()) {
        return Optional.empty();
      }
    }
    first = false;
    double[] peaks = new double[rounds];
    int tries = 0;
    do {
      for (int round = 0; round < rounds; round++) {
        if (!runRound(round, entries, operands.shape(), threads)) {
          return Optional.empty();
        }
        Quiet.await();
        peaks[round] = peak.now();
      }
      tries++;
    } while (tries < MAX_TRIES && entries.stream().anyMatch(Contest::gotFaster));
    List<Measurement> measurements = entries.stream().map(Entry::measurement).toList();
    return Optional.of(
        new Result(
            operands.shape(),
            threads,
            measurements.getFirst(),
            measurements.subList(1, measurements.size()),
            Measurement.median(peaks)));
  }

  /** Returns false if it was stopped. */
  private boolean runRound(int round, List<Entry> entries, Shape shape, int threads) {
    for (int turn = 0; turn < entries.size(); turn++) {
      Entry entry = entries.get((round + turn) % entries.size());
      entry.rounds[round] = shape.flops() * 1e-9 / secondsPerCall(entry, threads);
      if (stopped.getAsBoolean()) {
        return false;
      }
    }
    return true;
  }

  private double secondsPerCall(Entry entry, int threads) {
    Quiet.await();
    Affinity.separateCaller();
    if (entry.expected.secondsPerCall() < LEAD) {
      Timing.of(entry.product, entry.expected.calls(LEAD));
    }
    double most = 0;
    for (int turns = 1; turns < MAX_TURNS && !stopped.getAsBoolean(); turns++) {
      Timing timing = Timing.of(entry.product, entry.expected.calls(slice));
      double processors = Math.min(threads, timing.processors());
      double expected = Math.min(threads, entry.expected.processors());
      if (processors >= ENOUGH * expected) {
        entry.expected = new Timing(timing.secondsPerCall(), Math.max(processors, expected));
        return timing.secondsPerCall();
      }
      most = Math.max(most, processors);
    }
    entry.expected = new Timing(entry.expected.secondsPerCall(), most); // it needs no more
    return Timing.of(entry.product, entry.expected.calls(slice)).secondsPerCall();
  }

  private static boolean gotFaster(Entry entry) {
    int half = entry.rounds.length / 2;
    return half > 0
        && Measurement.median(Arrays.copyOfRange(entry.rounds, half, entry.rounds.length))
            > GOT_FASTER * Measurement.median(Arrays.copyOf(entry.rounds, half));
  }
}
