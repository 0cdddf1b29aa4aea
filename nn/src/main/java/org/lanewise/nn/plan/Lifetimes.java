package org.lanewise.nn.plan;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * When the values of a graph are written and needed. Times are positions of nodes; what the caller
 * gives is there before the first, and what he may read afterwards is needed to the end. A state
 * that is replaced is written at the end.
 */
final class Lifetimes {
  /** After all nodes. */
  static final int END = Integer.MAX_VALUE - 1;

  /** After the end. */
  static final int NEVER = Integer.MAX_VALUE;

  private static final int START = -1;

  private final Map<Value, Lifetime> lifetimes = new HashMap<>();

  private Lifetimes() {}

  static Lifetimes of(Graph graph) {
    Lifetimes all = new Lifetimes();
    for (Value value : graph.inputs().values()) {
      all.lifetimes.put(value, new Lifetime(START));
    }
    for (Value state : graph.states().values()) {
      boolean isReplaced = graph.updates().containsKey(state);
      all.lifetimes.put(state, new Lifetime(START).until(isReplaced ? START : END));
    }
    for (Collection<Value> kept :
        List.of(graph.parameters().values(), graph.constants().keySet())) {
      kept.forEach(value -> all.lifetimes.put(value, new Lifetime(START).until(END)));
    }
    for (int time = 0; time < graph.nodes().size(); time++) {
      Node node = graph.nodes().get(time);
      for (Value input : node.inputs()) {
        all.mention(input, time);
      }
      for (Value output : node.outputs()) {
        all.mention(output, time).writeAt(time);
      }
    }
    graph.outputs().values().forEach(value -> all.mention(value, END));
    graph.updates().values().forEach(value -> all.mention(value, END));
    graph.updates().keySet().forEach(state -> all.of(state).writeAt(END));
    return all;
  }

  private Lifetime mention(Value value, int time) {
    return lifetimes.computeIfAbsent(value, _ -> new Lifetime(time)).until(time);
  }

  /** When a value is written and needed. */
  Lifetime of(Value value) {
    return lifetimes.get(value);
  }

  /** When one value, or several in the same memory, are written and needed. */
  static final class Lifetime {
    private final int from;
    private int to;
    private int[] writes = new int[1];
    private int writeCount;

    private Lifetime(int from) {
      this.from = from;
      this.to = from;
    }

    private Lifetime until(int time) {
      to = Math.max(to, time);
      return this;
    }

    private void writeAt(int time) {
      if (writeCount == writes.length) {
        writes = Arrays.copyOf(writes, 2 * writeCount);
      }
      writes[writeCount++] = time;
    }

    /** The first node that mentions it. */
    int from() {
      return from;
    }

    /** The last node that mentions it. */
    int to() {
      return to;
    }

    /** When it is first written after some time. */
    int firstWriteAfter(int time) {
      int index = indexAfter(time);
      return index < writeCount ? writes[index] : NEVER;
    }

    private int indexAfter(int time) {
      int index = Arrays.binarySearch(writes, 0, writeCount, time);
      return index < 0 ? -index - 1 : index + 1;
    }

    /**
     * Both together, for those who ask for writes after some time. As a rule only one of them has
     * such writes, so that nothing is copied: neither is written while the other one is needed.
     */
    Lifetime with(Lifetime other, int time) {
      Lifetime both = new Lifetime(Math.min(from, other.from));
      both.to = Math.max(to, other.to);
      Lifetime written = firstWriteAfter(time) == NEVER ? other : this;
      both.writes = written.writes;
      both.writeCount = written.writeCount;
      if (written == this && other.firstWriteAfter(time) != NEVER) {
        both.writes =
            IntStream.concat(
                    Arrays.stream(writes, indexAfter(time), writeCount),
                    Arrays.stream(other.writes, other.indexAfter(time), other.writeCount))
                .sorted()
                .toArray();
        both.writeCount = both.writes.length;
      }
      return both;
    }
  }
}
