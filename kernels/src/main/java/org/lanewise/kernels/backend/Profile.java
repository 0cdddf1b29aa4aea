package org.lanewise.kernels.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/**
 * A backend that notes how long the steps of another one take. Each step waits for the one before.
 */
public final class Profile extends DecoratedBackend {
  private static final double GIGA = 1e9;

  /** The bound is not one of nature. */
  private static final String BEYOND =
      "More than 100 %% of the bound: the data was in the cache, which is faster than the vectors"
          + " above, or the shape suits the device better than the product above.%n";

  private final Supplier<Speed> measurement;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private Speed speed;

  /** Measures the steps of a backend from now on. */
  public Profile(Backend backend) {
    this(backend, () -> Speed.measure(backend));
  }

  Profile(Backend backend, Supplier<Speed> measurement) {
    super(backend);
    this.measurement = measurement;
  }

  @Override
  Decorated decorate(
      Origin origin,
      Op op,
      List<Operand> inputs,
      List<Operand> outputs,
      List<Write> writes,
      Step step) {
    List<TensorType> types = inputs.stream().map(Operand::type).toList();
    String label = label(op, types) + (writes.contains(Write.ADD) ? " +=" : "");
    Entry entry =
        entries.computeIfAbsent(label, name -> new Entry(name, Cost.of(op, types, writes)));
    return new Timed(decorated(), step, entry);
  }

  private record Timed(Backend backend, Step inner, Entry entry) implements Decorated {
    @Override
    public long time() {
      long nanos = backend.time(inner);
      entry.add(nanos);
      return nanos;
    }
  }

  private static String label(Op op, List<TensorType> inputs) {
    return op.label()
        + " "
        + inputs.stream().map(TensorType::toString).collect(Collectors.joining(", "));
  }

  /**
   * A line for each op and its shapes, and {@code +=} where it adds, the slowest first: runs, time,
   * share of all time, GFLOP/s, GB/s, and how near that is to what the {@link Speed} allows. That
   * is measured by the first call, when the JIT knows the kernels best, and takes some seconds.
   *
   * @throws IllegalStateException if the backend is closed and its speed not known yet
   */
  public String table() {
    if (speed == null) {
      speed = measurement.get();
    }
    List<Entry> slowest = new ArrayList<>(entries.values());
    slowest.removeIf(entry -> entry.runs == 0);
    slowest.sort(Comparator.comparingLong((Entry entry) -> entry.nanos).reversed());
    double all = slowest.stream().mapToLong(entry -> entry.nanos).sum();
    StringBuilder table =
        new StringBuilder(
            format(
                "%s: %s%n%8s %10s %7s %9s %8s %9s  %s%n",
                description(), speed, "runs", "ms", "share", "GFLOP/s", "GB/s", "of bound", "op"));
    boolean beyond = false;
    for (Entry entry : slowest) {
      double seconds = entry.nanos / GIGA / entry.runs;
      double share = speed.bound(entry.cost) / seconds;
      beyond |= share > 1;
      table.append(
          format(
              "%8d %10.2f %5.1f %% %9.1f %8.1f %7.0f %%  %s%n",
              entry.runs,
              entry.nanos / 1e6,
              100 * entry.nanos / all,
              entry.cost.flops() / seconds / GIGA,
              entry.cost.bytes() / seconds / GIGA,
              100 * share,
              entry.label));
    }
    table.append(format("%8s %10.2f%n", "all", all / 1e6));
    return beyond ? table.append(format(BEYOND)).toString() : table.toString();
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** An op with its shapes, and all its runs. */
  private static final class Entry {
    private final String label;
    private final Cost cost;
    private long runs;
    private long nanos;

    Entry(String label, Cost cost) {
      this.label = label;
      this.cost = cost;
    }

    void add(long time) {
      runs++;
      nanos += time;
    }
  }
}
