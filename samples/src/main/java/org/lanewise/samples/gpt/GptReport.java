package org.lanewise.samples.gpt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Trainer;
import org.lanewise.samples.report.Machine;
import org.lanewise.samples.report.Report;
import org.lanewise.samples.report.Report.Fact;
import org.lanewise.samples.report.Section;
import org.lanewise.samples.report.Section.Curves;
import org.lanewise.samples.report.Section.Format;
import org.lanewise.samples.report.Section.Properties;
import org.lanewise.samples.report.Section.Series;
import org.lanewise.samples.report.Section.Table;
import org.lanewise.samples.report.Section.Text;

/**
 * The report on a model that continues texts.
 *
 * @param heldOut nats per character of the whole text that training did not see
 * @param tokensPerCharacter of that text
 * @param context tokens of a sample
 * @param written what the model wrote after epochs
 */
record GptReport(double heldOut, double tokensPerCharacter, int context, String written) {
  /**
   * Makes the report.
   *
   * @param summary the model as a table
   * @param configuration settings by name
   */
  Report of(Trainer trainer, String summary, Map<String, String> configuration) {
    List<EpochResult> epochs = trainer.history().epochs();
    List<Section> sections = new ArrayList<>();
    sections.add(curves(epochs));
    if (!written.isEmpty()) {
      sections.add(new Text("What it wrote", written));
    }
    sections.add(table(epochs));
    sections.add(new Properties("Configuration", configuration));
    sections.add(new Properties("Machine", Machine.describe(trainer.session().device())));
    sections.add(new Text("Model", summary));
    return new Report("GPT: training report", headline(trainer, epochs), sections);
  }

  private List<Fact> headline(Trainer trainer, List<EpochResult> epochs) {
    double seconds = epochs.stream().mapToDouble(EpochResult::seconds).sum();
    return List.of(
        new Fact("nats per character, held-out text", text("%.4f", heldOut)),
        new Fact("bits per character", text("%.4f", heldOut / Math.log(2))),
        new Fact("parameters", text("%,d", trainer.weights().parameterCount())),
        new Fact("training time", text("%.1f s", seconds)),
        new Fact("tokens a second", tokensPerSecond(epochs.getLast())));
  }

  private Curves curves(List<EpochResult> epochs) {
    return new Curves(
        "Loss",
        "nats per character, in training before each step",
        "epoch",
        epochs.stream().map(epoch -> (double) epoch.epoch()).toList(),
        List.of(
            new Series("training", epochs.stream().map(this::training).toList()),
            new Series("held out", epochs.stream().map(this::heldOut).toList())),
        Format.NUMBER,
        null);
  }

  private Table table(List<EpochResult> epochs) {
    return new Table(
        "Epochs",
        "Nats per character; of the held-out text, some parts.",
        List.of("epoch", "training", "held out", "tokens a second", "seconds"),
        epochs.stream()
            .map(epoch ->
                List.of(
                    Integer.toString(epoch.epoch()),
                    text("%.4f", training(epoch)),
                    text("%.4f", heldOut(epoch)),
                    tokensPerSecond(epoch),
                    text("%.2f", epoch.seconds())))
            .toList());
  }

  private double training(EpochResult epoch) {
    return epoch.trainLoss() * tokensPerCharacter;
  }

  private double heldOut(EpochResult epoch) {
    return epoch.validation().loss() * tokensPerCharacter;
  }

  private String tokensPerSecond(EpochResult epoch) {
    return text("%,.0f", epoch.samplesPerSecond() * context);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
