package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.lanewise.nn.graph.Value;

/**
 * Places values in one block of memory so that those that are needed at the same time do not
 * overlap. Goes through time as an allocator does, and gives each value the smallest gap that it
 * fits (best fit: Knuth, "The Art of Computer Programming" 1, 2.5), in O(n log n).
 */
final class MemoryLayout {
  /** Every value starts on a cache line. */
  private static final long ALIGNMENT = 64;

  private final Map<Value, Long> offsets = new HashMap<>();
  private final NavigableMap<Long, Long> gaps = new TreeMap<>();
  private final TreeSet<Gap> gapsBySize =
      new TreeSet<>(Comparator.comparingLong(Gap::size).thenComparingLong(Gap::offset));
  private long byteSize;

  private MemoryLayout() {}

  /**
   * A value that is to be placed.
   *
   * @param from the first time when it is needed
   * @param to the last time
   */
  record Interval(Value value, int from, int to) {
    long byteSize() {
      return align(value.type().byteSize());
    }
  }

  /** A part of the block that holds nothing at the moment. */
  private record Gap(long offset, long size) {}

  /** Places all values. */
  static MemoryLayout of(List<Interval> intervals) {
    MemoryLayout layout = new MemoryLayout();
    List<Interval> starts = new ArrayList<>(intervals);
    starts.sort(
        Comparator.comparingInt(Interval::from)
            .thenComparing(Comparator.comparingLong(Interval::byteSize).reversed()));
    List<Interval> ends = new ArrayList<>(intervals);
    ends.sort(Comparator.comparingInt(Interval::to));
    int ended = 0;
    for (Interval interval : starts) {
      while (ended < ends.size() && ends.get(ended).to() < interval.from()) {
        layout.free(ends.get(ended++));
      }
      layout.offsets.put(interval.value(), layout.allocate(interval.byteSize()));
    }
    return layout;
  }

  private long allocate(long size) {
    if (size == 0) {
      return 0;
    }
    Gap gap = gapsBySize.ceiling(new Gap(0, size));
    if (gap == null) { // at the end, together with what is free there
      Map.Entry<Long, Long> last = gaps.lastEntry();
      boolean atEnd = last != null && last.getKey() + last.getValue() == byteSize;
      long offset = atEnd ? last.getKey() : byteSize;
      if (atEnd) {
        remove(last.getKey(), last.getValue());
      }
      byteSize = offset + size;
      return offset;
    }
    remove(gap.offset, gap.size);
    if (gap.size > size) {
      add(gap.offset + size, gap.size - size);
    }
    return gap.offset;
  }

  private void free(Interval interval) {
    long size = interval.byteSize();
    if (size == 0) {
      return;
    }
    long offset = offsets.get(interval.value());
    Map.Entry<Long, Long> before = gaps.lowerEntry(offset);
    if (before != null && before.getKey() + before.getValue() == offset) {
      remove(before.getKey(), before.getValue());
      offset = before.getKey();
      size += before.getValue();
    }
    Long after = gaps.get(offset + size);
    if (after != null) {
      remove(offset + size, after);
      size += after;
    }
    add(offset, size);
  }

  private void add(long offset, long size) {
    gaps.put(offset, size);
    gapsBySize.add(new Gap(offset, size));
  }

  private void remove(long offset, long size) {
    gaps.remove(offset);
    gapsBySize.remove(new Gap(offset, size));
  }

  /** First byte of a value. */
  long offset(Value value) {
    return offsets.get(value);
  }

  /** Bytes of the whole block. */
  long byteSize() {
    return byteSize;
  }

  /** A size rounded up to whole cache lines. */
  static long align(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }
}
