package org.lanewise.samples.gpt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.models.Gpt;
import org.lanewise.nn.models.GptConfig;
import org.lanewise.nn.models.PretrainedGpt;
import org.lanewise.nn.text.Tokenizers;
import org.lanewise.nn.train.Adam;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Rule;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.nn.weights.Weights;
import org.lanewise.samples.report.Report;
import org.lanewise.samples.training.Measure;
import org.lanewise.samples.training.Recipe;
import org.lanewise.samples.training.Training;
import org.lanewise.samples.training.TrainingOptions;
import org.lanewise.samples.training.TrainingRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train gpt}: trains a decoder of GPT-2's kind to continue a text. */
@Command(
    name = "gpt",
    description =
        "Trains a decoder of GPT-2's kind to continue a text, character by character; its loss is"
            + " measured on the last tenth, which it does not see.",
    sortOptions = false)
public final class TrainGpt implements Callable<Integer> {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.99;
  private static final double WEIGHT_DECAY = 0.1;
  private static final double LARGEST_NORM = 1;

  /** Tokens of the held-out text that each epoch is measured by; the end is by all of them. */
  private static final int TEST_TOKENS = 1 << 15;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      defaultValue = "${sys:lanewise.home:-.}/samples/data/austen/austen.txt.gz",
      description =
          "A text in UTF-8, which may be compressed by gzip (default: six novels of Jane Austen,"
              + " which come with Lanewise).")
  private Path data;

  @Mixin private final GptOptions gpt = new GptOptions();

  @Mixin
  private final TrainingOptions options = new TrainingOptions(Size.MEDIUM.recipe(), "out/gpt");

  @Mixin private HelpOption help;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    gpt.check(command);
    Recipe recipe = options.recipe(command, gpt.size().recipe());
    try (TrainingRun run = TrainingRun.open(command, options, recipe)) {
      Corpus corpus = Corpus.read(data, gpt.tokenizer(), gpt.vocabulary());
      GptConfig config = gpt.config(command, corpus.tokenizer().vocabularySize());
      corpus.requireMoreThan(config.context());
      Gpt model = Gpt.of(config);
      int[] prompt = {corpus.heldOut()[0]};
      WrittenTexts texts =
          new WrittenTexts(run.console(), model, corpus.tokenizer(), prompt, run.seed());
      TextWindows heldOut = TextWindows.all(corpus.heldOut(), config.context());
      return run.train(
          training(model, corpus, heldOut, recipe, texts),
          PretrainedGpt.METADATA,
          (trainer, summary) -> {
            config.write(run.folder().resolve(PretrainedGpt.CONFIG));
            Tokenizers.write(corpus.tokenizer(), run.folder().resolve(PretrainedGpt.TOKENIZER));
            return report(run, corpus, heldOut, texts, trainer, summary);
          });
    }
  }

  private Training training(
      Gpt model, Corpus corpus, TextWindows heldOut, Recipe recipe, WrittenTexts texts) {
    int context = model.config().context();
    long samples = (long) gpt.epochSteps() * recipe.batch();
    TextWindows train = TextWindows.anywhere(corpus.train(), context, samples);
    return new Training(
        "gpt",
        Weights.of(model),
        in -> model.forward(in.get("ids")).crossEntropy(in.get("next")),
        Batches.of(train).size(recipe.batch()),
        Batches.of(heldOut.some(Math.ceilDiv(TEST_TOKENS, context))).size(recipe.batch()),
        new LinkedHashMap<>(),
        natsPerCharacter(corpus.tokensPerCharacter(), context),
        builder -> set(builder, model.config(), corpus, recipe).callbacks(texts));
  }

  private static Measure natsPerCharacter(double tokensPerCharacter, int context) {
    return new Measure(
        "nats_per_character",
        List.of(),
        evaluation -> evaluation.loss() * tokensPerCharacter,
        nats -> String.format(Locale.ROOT, "test loss %.4f nats/character", nats),
        "tokens",
        context);
  }

  private TrainerBuilder set(
      TrainerBuilder builder, GptConfig config, Corpus corpus, Recipe recipe) {
    gpt.settings(config).forEach(builder::setting);
    return builder
        .setting("data", "checksum %08x".formatted(corpus.checksum()))
        .optimizer(optimizer(recipe.createOptimizer()))
        .clipNorm(LARGEST_NORM);
  }

  /** AdamW forgets faster than usual, and lets biases and norms as large as they are. */
  private static Optimizer optimizer(Rule rule) {
    return rule instanceof Adam adam && adam.decoupled()
        ? adam.withBetas(BETA1, BETA2)
            .withWeightDecay(WEIGHT_DECAY)
            .withoutDecay(p -> p.shape().rank() < 2)
        : rule;
  }

  private Report report(
      TrainingRun run,
      Corpus corpus,
      TextWindows heldOut,
      WrittenTexts texts,
      Trainer trainer,
      String summary) {
    double loss =
        trainer.evaluate(Batches.of(heldOut).size(run.recipe().batch())).loss()
            * corpus.tokensPerCharacter();
    run.console()
        .printf(
            Locale.ROOT,
            "held-out text, %,d characters: %.4f nats/character%n",
            corpus.heldOutCharacters(),
            loss);
    Map<String, String> configuration = run.configuration("GPT-2's shape, " + gpt.tokenizer());
    gpt.settings(gptConfig(corpus)).forEach((name, value) -> configuration.put(name, value));
    configuration.put("Text", "%,d characters".formatted(corpus.characters()));
    return new GptReport(loss, corpus.tokensPerCharacter(), heldOut.length(), texts.all())
        .of(trainer, summary, configuration);
  }

  private GptConfig gptConfig(Corpus corpus) {
    return gpt.config(command, corpus.tokenizer().vocabularySize());
  }
}
