package org.lanewise.nn.models;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SequencedMap;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.models.BertConfig.Family;
import org.lanewise.nn.onnx.Onnx;
import org.lanewise.nn.text.Tokenizer;
import org.lanewise.nn.text.Tokenizers;
import org.lanewise.nn.weights.MismatchedWeightsException;
import org.lanewise.nn.weights.Weights;

/**
 * A published encoder: its layers, their weights and the tokenizer that it was trained with.
 *
 * @param model the layers
 * @param tokenizer whose ids are all below {@link BertConfig#vocabulary}
 * @param weights of the layers; those of a safetensors file of f32 are {@linkplain Weights#isMapped
 *     mapped}
 */
public record PretrainedEncoder(TextEncoder model, Tokenizer tokenizer, Weights weights) {
  /**
   * Opens a folder as the Hugging Face library writes it, of a BERT, DistilBERT or RoBERTa: {@code
   * config.json}, {@code model.safetensors}, and {@code tokenizer.json} or, but for RoBERTa, {@code
   * vocab.txt}. The tensors of heads on the encoder are left out, and there may be no pooler.
   *
   * <p>Instead of {@code model.safetensors} there may be a model in the ONNX format, as {@code
   * model.onnx}, {@code onnx/model.onnx} or the only file {@code NAME.onnx}; for a BERT that
   * PyTorch exported, {@code config.json} may be absent then. Its tokenizer may be called {@code
   * NAME-tokenizer.json}.
   *
   * <p>The file of weights must not be written to while they are used; see {@link SafeTensors#map}.
   *
   * @throws MalformedFileException if a file is damaged, of another architecture or not supported,
   *     or the vocabulary does not fit
   * @throws MismatchedWeightsException if tensors are missing, or there are others
   * @throws NoSuchFileException if the folder lacks one of these files
   * @throws IOException if a file cannot be read
   */
  public static PretrainedEncoder open(Path folder) throws IOException {
    EncoderFolder files = EncoderFolder.of(folder);
    Path file = files.weights();
    return file.toString().endsWith(".onnx") ? openOnnx(files, file) : openMapped(files, file);
  }

  private static PretrainedEncoder openMapped(EncoderFolder files, Path file) throws IOException {
    BertConfig config = config(files);
    Tokenizer tokenizer = tokenizer(files, config);
    SafeTensors.Mapping mapping = SafeTensors.mapping(file, Arena.ofAuto());
    SequencedMap<String, StoredTensor> tensors =
        EncoderTensors.named(file, mapping.content().tensors());
    TextEncoder model = model(config, EncoderTensors.hasPooler(tensors));
    Weights weights = Weights.of((Record) model);
    weights.map(file, mapping.bytes(), tensors, EncoderTensors::isOther);
    return new PretrainedEncoder(model, tokenizer, weights);
  }

  private static PretrainedEncoder openOnnx(EncoderFolder files, Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      SequencedMap<String, StoredTensor> tensors =
          EncoderTensors.named(file, Onnx.read(file, arena));
      BertConfig config =
          Files.exists(files.configuration())
              ? config(files)
              : new OnnxConfig(file, tensors, Onnx.constants(file, arena)).config();
      Tokenizer tokenizer = tokenizer(files, config);
      TextEncoder model = model(config, EncoderTensors.hasPooler(tensors));
      Weights weights = Weights.of((Record) model);
      weights.load(file, tensors, EncoderTensors::isOther);
      return new PretrainedEncoder(model, tokenizer, weights);
    }
  }

  private static BertConfig config(EncoderFolder files) throws IOException {
    if (!Files.exists(files.configuration())) {
      throw new NoSuchFileException(files.path().toString(), null, "the folder has no config.json");
    }
    return BertConfig.read(files.configuration());
  }

  private static TextEncoder model(BertConfig config, boolean hasPooler) {
    if (config.family() == Family.DISTILBERT) {
      return DistilBert.of(config);
    }
    Bert bert = Bert.of(config);
    return hasPooler ? bert : bert.withoutPooler();
  }

  private static Tokenizer tokenizer(EncoderFolder files, BertConfig config) throws IOException {
    Path file = files.tokenizer();
    if (config.family() == Family.ROBERTA && !file.toString().endsWith(".json")) {
      throw new MalformedFileException(file, "a RoBERTa model needs a tokenizer.json");
    }
    Tokenizer tokenizer = Tokenizers.read(file);
    if (tokenizer.vocabularySize() > config.vocabulary()) {
      throw new MalformedFileException(
          file,
          "the vocabulary has %,d tokens but the model has vectors for %,d"
              .formatted(tokenizer.vocabularySize(), config.vocabulary()));
    }
    return tokenizer;
  }
}
