package org.lanewise.nn.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.backend.Timeline;
import org.lanewise.nn.io.AtomicFile;

/**
 * Writes a trace of a few steps, as {@link TrainerBuilder#trace} says. A training that is too short
 * for the steps that are wanted has its first ones traced.
 */
final class Tracing implements Callback {
  /** By then the kernels of most models are compiled. */
  private static final int SKIPPED = 10;

  private static final int TRACED = 3;

  private final Path file;
  private final Timeline timeline;
  private final List<ChromeTrace.Span> spans = new ArrayList<>();
  private int steps;
  private boolean written;

  Tracing(Path file, Timeline timeline) {
    this.file = file;
    this.timeline = timeline;
    timeline.start();
  }

  @Override
  public void onStep(Trainer trainer) {
    steps++;
    if (steps <= TRACED || steps > SKIPPED && steps <= SKIPPED + TRACED) {
      spans.add(new ChromeTrace.Span("step " + trainer.steps(), System.nanoTime()));
    }
    if (steps == TRACED || steps == SKIPPED + TRACED) {
      timeline.stop();
    }
    if (steps == SKIPPED) {
      spans.clear();
      timeline.start();
    }
    if (steps == SKIPPED + TRACED) {
      try {
        write(trainer);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  @Override
  public void onEpoch(Trainer trainer, EpochResult result) {
    spans.add(new ChromeTrace.Span("evaluation", System.nanoTime()));
  }

  @Override
  public void onEnd(Trainer trainer) throws IOException {
    if (!written) {
      write(trainer);
    }
  }

  private void write(Trainer trainer) throws IOException {
    String device = trainer.session().device();
    byte[] json =
        new ChromeTrace(device, timeline.runs(), timeline.parts(), spans).json().getBytes(UTF_8);
    AtomicFile.write(file, out -> out.write(json));
    written = true;
  }
}
