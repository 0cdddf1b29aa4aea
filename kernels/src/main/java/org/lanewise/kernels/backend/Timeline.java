package org.lanewise.kernels.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Write;
import org.lanewise.kernels.parallel.WorkerPool;

/**
 * A backend that notes when the steps of another one ran, while it is told to. Each noted step
 * waits for the one before, so that what a device would do at once is seen one after the other.
 */
public final class Timeline extends DecoratedBackend {
  private final List<Run> runs = new ArrayList<>();
  private final Queue<Part> parts = new ConcurrentLinkedQueue<>();
  private boolean records;

  /**
   * A step as a reader wants to see it.
   *
   * @param op what it does
   * @param inputs their types
   * @param outputs their types, with {@code +=} behind those that are added to
   */
  public record Label(Origin origin, String op, String inputs, String outputs) {}

  /**
   * A run of a step. All times are nanoseconds by {@link System#nanoTime}.
   *
   * @param thread the name of the thread that ran it
   * @param start when the host began with it
   * @param end when the host had its end
   * @param onDevice how long it took by the device's own clock, or −1 if the device has none, and
   *     the host's time is that of the op
   */
  public record Run(Label label, String thread, long start, long end, long onDevice) {}

  /**
   * What one thread did of an op that several ran, as {@link WorkerPool.Watcher} has it.
   *
   * @param thread number of the thread, from 0, which is the one that ran the step
   * @param count parts
   */
  public record Part(int thread, int count, long start, long end) {}

  /** Notes nothing yet. */
  public Timeline(Backend backend) {
    super(backend);
  }

  /** Forgets all runs, and notes those to come. */
  public void start() {
    runs.clear();
    parts.clear();
    records = true;
    watchParts((thread, count, start, end) -> parts.add(new Part(thread, count, start, end)));
  }

  /** Notes no more runs. */
  public void stop() {
    records = false;
    watchParts(null);
  }

  /** The runs that were noted, in order. */
  public List<Run> runs() {
    return List.copyOf(runs);
  }

  /** The parts of these runs, in the order in which they ended. */
  public List<Part> parts() {
    return List.copyOf(parts);
  }

  @Override
  Decorated decorate(
      Origin origin,
      Op op,
      List<Operand> inputs,
      List<Operand> outputs,
      List<Write> writes,
      Step step) {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      written.add(outputs.get(i).type() + (writes.get(i) == Write.ADD ? " +=" : ""));
    }
    String read =
        inputs.stream().map(input -> input.type().toString()).collect(Collectors.joining(", "));
    Label label = new Label(origin, op.label(), read, String.join(", ", written));
    return new Noted(this, label, step, decorated().timesOnDevice(step));
  }

  /** A step that is noted. */
  private record Noted(Timeline timeline, Label label, Step inner, boolean onDevice)
      implements Decorated {
    @Override
    public void run() {
      if (timeline.records) {
        time();
      } else {
        inner.run();
      }
    }

    @Override
    public long time() {
      long start = System.nanoTime();
      long nanos = timeline.decorated().time(inner);
      if (timeline.records) {
        String thread = Thread.currentThread().getName();
        long end = System.nanoTime();
        timeline.runs.add(new Run(label, thread, start, end, onDevice ? nanos : -1));
      }
      return nanos;
    }
  }
}
