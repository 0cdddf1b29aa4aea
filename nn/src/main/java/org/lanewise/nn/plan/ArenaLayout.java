package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Places values in one block of memory so that values that are alive at the same time do not
 * overlap: first fit, largest first (the greedy-by-size strategy of Pisarchyk and Lee, "Efficient
 * Memory Management for Deep Neural Net Inference", 2020).
 */
final class ArenaLayout {
  /** Every value starts on a cache line. */
  static final long ALIGNMENT = 64;

  private final Map<Value, Long> offsets = new HashMap<>();
  private long byteSize;

  private final Views views;

  private ArenaLayout(Views views) {
    this.views = views;
  }

  /**
   * Places the inputs and computed values of a list of nodes. Inputs live from the start, results
   * to the end, others from the first node that writes them to the last one that mentions them.
   * Values that are {@link Views} live together and have one place.
   */
  static ArenaLayout of(List<Node> nodes, List<Value> inputs, List<Value> results) {
    Views views = Views.of(nodes, results);
    Map<Value, Interval> intervals = new LinkedHashMap<>();
    for (Value input : inputs) {
      intervals.put(input, new Interval(input, 0, 0));
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (Value value : nodes.get(i).inputs()) {
        touch(intervals, views.owner(value), i);
      }
      for (Value value : nodes.get(i).outputs()) {
        touch(intervals, views.owner(value), i);
      }
    }
    for (Value result : results) {
      touch(intervals, views.owner(result), nodes.size());
    }
    ArenaLayout layout = new ArenaLayout(views);
    layout.place(intervals.values());
    for (Value view : views.values()) {
      layout.offsets.put(view, layout.offsets.get(views.owner(view)));
    }
    return layout;
  }

  private static void touch(Map<Value, Interval> intervals, Value value, int time) {
    if (value.kind() == Value.Kind.INPUT || value.kind() == Value.Kind.COMPUTED) {
      intervals.merge(
          value,
          new Interval(value, time, time),
          (old, latest) -> new Interval(value, old.from, latest.to));
    }
  }

  private void place(Iterable<Interval> intervals) {
    List<Interval> order = new ArrayList<>();
    intervals.forEach(order::add);
    order.sort(
        Comparator.comparingLong((Interval interval) -> -interval.byteSize())
            .thenComparingInt(Interval::from)
            .thenComparingInt(Interval::to));
    List<Interval> placed = new ArrayList<>();
    for (Interval interval : order) {
      long offset = firstFit(interval, placed);
      offsets.put(interval.value, offset);
      byteSize = Math.max(byteSize, offset + interval.byteSize());
      placed.add(interval);
      placed.sort(Comparator.comparingLong(other -> offsets.get(other.value)));
    }
  }

  private long firstFit(Interval interval, List<Interval> placedByOffset) {
    long offset = 0;
    for (Interval other : placedByOffset) {
      if (interval.overlaps(other)) {
        long start = offsets.get(other.value);
        if (offset + interval.byteSize() <= start) {
          return offset;
        }
        offset = Math.max(offset, start + other.byteSize());
      }
    }
    return offset;
  }

  /** First byte of each value. */
  Map<Value, Long> offsets() {
    return offsets;
  }

  /** The nodes without those whose result is where their operand is. */
  List<Node> steps() {
    return views.steps();
  }

  /** Bytes of the whole block. */
  long byteSize() {
    return byteSize;
  }

  /** A size rounded up to the alignment. */
  static long align(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /** The nodes, by position, between which a value must keep its memory. */
  private record Interval(Value value, int from, int to) {
    long byteSize() {
      return align(value.type().byteSize());
    }

    boolean overlaps(Interval other) {
      return from <= other.to && other.from <= to;
    }
  }
}
