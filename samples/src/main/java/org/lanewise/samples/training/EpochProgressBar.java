package org.lanewise.samples.training;

import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.Pace;
import org.lanewise.nn.train.Trainer;

/**
 * A bar for each epoch on standard output, with the samples, the time that is left, loss, rate and
 * utilization; gone when the epoch is done.
 */
final class EpochProgressBar implements Callback {
  private static final int UPDATE_MILLIS = 100;

  private ProgressBar bar;
  private long messageTime;

  @Override
  public void onStep(Trainer trainer) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setConsumer(new Line())
              .setTaskName("epoch " + trainer.epoch())
              .setInitialMax(trainer.samples())
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .clearDisplayOnFinish()
              .build();
    }
    bar.stepTo(trainer.samplesDone());
    long now = System.nanoTime();
    if (now - messageTime > UPDATE_MILLIS * 1_000_000L) {
      messageTime = now;
      bar.setExtraMessage(message(trainer));
    }
    if (trainer.samplesDone() == trainer.samples()) {
      close();
    }
  }

  /** As short as it fits beside the bar: loss, samples per second, utilization if it is known. */
  private static String message(Trainer trainer) {
    Pace pace = trainer.pace();
    String message =
        String.format(
            Locale.ROOT, "loss %.3f %,.0f/s", trainer.meanLoss(), pace.samplesPerSecond());
    return Double.isNaN(pace.utilization())
        ? message
        : message + String.format(Locale.ROOT, " %.0f %% peak", 100 * pace.utilization());
  }

  @Override
  public void onEnd(Trainer trainer) {
    close();
  }

  @Override
  public void onFailure() {
    close();
  }

  private void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  /** A line of standard output that is drawn over, and left empty for what comes next. */
  private static final class Line extends ConsoleProgressBarConsumer {
    /**
     * Given, because the superclass would ask JLine, which takes Ctrl-C away from the JVM: the
     * process would end at once, without its shutdown hooks.
     */
    private static final int WIDTH = 79;

    Line() {
      super(System.out, WIDTH);
    }

    @Override
    public void close() {
      System.out.flush(); // the superclass would go on to the next line
    }
  }
}
